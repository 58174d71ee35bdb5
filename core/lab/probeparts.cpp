#include "core/lab/probeparts.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"
#include "core/model/encoding.h"

#include <set>

namespace iotman::lab {

using client::HttpAnswer;
using client::HttpRequest;
using client::toBytes;
using client::toQt;

Question requestAs(const std::string& token, const std::string& url, Headers more, const QByteArray& method)
{
    HttpRequest request;
    request.method = method;
    request.url = QUrl(toQt(url));
    request.headers = std::move(more);
    if (!token.empty())
        request.headers.emplaceBack("Authorization", "Bearer " + toBytes(token));
    return {Question::Way::Request, std::move(request)};
}

Question requestTo(const Side& side, const std::string& url, Headers more, const QByteArray& method)
{
    return requestAs(side.token.reveal(), url, std::move(more), method);
}

Question upgradeAs(const std::string& token, const std::string& url, Headers more)
{
    // RFC 6455 §1.3: the key of its own example, whose answer is known.
    Headers headers{{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    const auto isVersion = [](const auto& header) { return header.first == "Sec-WebSocket-Version"; };
    if (std::none_of(more.begin(), more.end(), isVersion))
        headers.emplaceBack("Sec-WebSocket-Version", "13");
    Question question = requestAs(token, url, headers + more);
    question.way = Question::Way::Head;
    return question;
}

Question tokenRequest(const Side& side, const std::string& scope)
{
    const std::string pair =
        percentEncoded(client::fromQt(side.credentials.id)) + ":" + percentEncoded(side.credentials.secret.reveal());
    Question question = requestAs(
        {}, side.credentials.tokenEndpoint.toString(QUrl::FullyEncoded).toStdString(),
        {{"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", "Basic " + toBytes(pair).toBase64()}}, "POST");
    question.request.body = toBytes("grant_type=client_credentials" + (scope.empty() ? "" : "&scope=" + percentEncoded(scope)));
    return question;
}

std::string unknownEndpoint(const Side& side)
{
    return side.endpoint.substr(0, side.endpoint.rfind('/') + 1) + "00000000-0000-4000-8000-000000000000";
}

std::string statusOf(const HttpAnswer& answer)
{
    return std::to_string(answer.status);
}

std::string contentType(const HttpAnswer& answer)
{
    const std::string type = answer.header("content-type").toLower().toStdString();
    return type.substr(0, type.find(';'));
}

std::string shapeOf(const HttpAnswer& answer)
{
    std::string shape = statusOf(answer);
    if (!contentType(answer).empty())
        shape += " " + contentType(answer);
    const Json json = Json::parse(client::view(answer.body), nullptr, false);
    if (json.is_object() && json.contains("field") && json["field"].is_string())
        shape += " field=" + json["field"].get<std::string>();
    return shape;
}

std::string headerOf(const HttpAnswer& answer, const char* name)
{
    const QByteArray value = answer.header(name);
    return value.isEmpty() ? "none" : value.toStdString();
}

std::string sortedList(const std::string& text)
{
    std::set<std::string> words;
    std::string word;
    for (const char c : text + ",") {
        if (c == ',') {
            if (!word.empty())
                words.insert(word);
            word.clear();
        } else if (c != ' ') {
            word += c;
        }
    }
    std::string sorted;
    for (const std::string& one : words)
        sorted += (sorted.empty() ? "" : ", ") + one;
    return sorted;
}

std::string challengeOf(const HttpAnswer& answer)
{
    const std::string value = answer.header("www-authenticate").toStdString();
    const std::string scheme = value.substr(0, value.find(' '));
    const std::size_t at = value.find("error=\"");
    const std::string code = at == std::string::npos ? "no code" : value.substr(at + 7, value.find('"', at + 7) - at - 7);
    return statusOf(answer) + " " + (scheme.empty() ? "no challenge" : scheme + ", " + code);
}

namespace {

/// An item whose numbers no double holds stands for itself.
Json itemFrom(std::string_view text)
{
    Json item = Json::parse(text, nullptr, false);
    return item.is_discarded() ? Json(std::string(text)) : item;
}

/// Discarded where the text is no page.
Json pageJson(std::string_view text)
{
    const Json none(Json::value_t::discarded);
    Json page = Json::object();
    client::JsonScanner scanner(text);
    if (!scanner.enterObject())
        return none;
    while (const auto name = scanner.member()) {
        Json& member = page[std::string(*name)];
        if (*name == "data" && scanner.enterArray()) {
            member = Json::array();
            while (scanner.element()) {
                if (const auto item = scanner.value())
                    member.push_back(itemFrom(*item));
            }
        } else if (const auto value = scanner.value()) {
            member = Json::parse(*value, nullptr, false);
        }
    }
    return scanner.finish() && page.contains("data") && page["data"].is_array() ? page : none;
}

} // namespace

Expected<Json> pageFrom(const Answer& answer)
{
    if (!answer)
        return fail(answer.error());
    if (answer->status != 200)
        return fail(Problem::Unavailable, "a page was answered with " + shapeOf(*answer));
    Json page = pageJson(client::view(answer->body));
    if (page.is_discarded())
        return fail(Problem::Unavailable, "a page was answered with " + shapeOf(*answer));
    return page;
}

std::vector<std::string> rawItems(const QByteArray& body)
{
    std::vector<std::string> items;
    client::JsonScanner scanner(client::view(body));
    if (!scanner.enterObject())
        return items;
    while (const auto name = scanner.member()) {
        if (*name != "data" || !scanner.enterArray()) {
            scanner.value();
            continue;
        }
        while (scanner.element()) {
            if (const auto item = scanner.value())
                items.emplace_back(*item);
        }
    }
    return items;
}

} // namespace iotman::lab
