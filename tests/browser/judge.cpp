// Judges as the program's own page “Ask as a browser” does, and leaves the sending to who runs it. On stdin, one JSON object a
// line: {"page","way","url","token","key","accept","list"}; on stdout {"ask":{"method","url","headers"}}, to be answered on
// stdin by {"status","reason","headers"}, until {"verdict","headline","notes"} ends the situation. Then the next may come.
#include "core/browser/inquiry.h"
#include "core/model/json.h"

#include <iostream>

using namespace iotman;
using namespace iotman::browser;

namespace {

Way wayOf(const std::string& name)
{
    return name == "token"    ? Way::FetchWithToken
           : name == "events" ? Way::EventSource
           : name == "stream" ? Way::WebSocket
                              : Way::Fetch;
}

const char* nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Reads:
        return "reads";
    case Verdict::SeesError:
        return "error";
    case Verdict::Blocked:
        return "blocked";
    case Verdict::NoAnswer:
        break;
    }
    return "no answer";
}

Expected<Question> questionFrom(const Json& json)
{
    const Expected<Page> page = Page::parse(json.value("page", ""));
    if (!page)
        return fail(page.error());
    Question question;
    question.page = *page;
    question.way = wayOf(json.value("way", ""));
    question.url = json.value("url", "");
    question.token = json.value("token", "");
    question.webSocketKey = json.value("key", "");
    question.webSocketAccept = json.value("accept", "");
    if (const auto list = json.find("list"); list != json.end() && list->is_array()) {
        const auto origins = parseCorsOrigins(list->get<std::vector<std::string>>());
        if (!origins)
            return fail(origins.error());
        question.list = origins->origins;
    }
    return question;
}

Json toJson(const Request& request)
{
    Json headers = Json::array();
    for (const auto& [name, value] : request.headers)
        headers.push_back({name, value});
    return {{"ask", {{"method", request.method}, {"url", request.url}, {"headers", std::move(headers)}}}};
}

Json toJson(const Report& report)
{
    Json notes = Json::array();
    for (const Step& step : report.steps) {
        if (step.mark == Mark::Note)
            notes.push_back(step.sentence.english());
    }
    return {{"verdict", nameOf(report.verdict)}, {"headline", english(report.headline)}, {"notes", std::move(notes)}};
}

Answer answerFrom(const Json& json)
{
    Answer answer{json.value("status", 0), json.value("reason", ""), {}};
    for (const Json& header : json.value("headers", Json::array()))
        answer.headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
    return answer;
}

} // namespace

int main()
{
    for (std::string line; std::getline(std::cin, line);) {
        const Expected<Question> question = questionFrom(Json::parse(line));
        if (!question) {
            std::cout << Json{{"verdict", "no page"}, {"headline", question.error().detail}, {"notes", Json::array()}}
                      << std::endl;
            continue;
        }
        Inquiry inquiry(*question);
        while (inquiry.next() && std::cout << toJson(*inquiry.next()) << std::endl && std::getline(std::cin, line))
            inquiry.answered(answerFrom(Json::parse(line)));
        std::cout << toJson(inquiry.report()) << std::endl;
    }
}
