// Pages: their errors, members, links, and whether a walk over them meets every item once.
#include "core/client/address.h"
#include "core/client/text.h"
#include "core/lab/itembytes.h"
#include "core/lab/probeparts.h"
#include "core/lab/turns.h"
#include "core/model/encoding.h"

#include <QUrlQuery>

#include <algorithm>

namespace iotman::lab {

using client::HttpAnswer;
using client::toQt;

namespace {

constexpr std::size_t walked = 12; ///< items that a walk over pages looks at
constexpr int judged = 100;        ///< items whose bytes are looked at

Question pageOf(const Side& side, int limit)
{
    return requestTo(side, side.endpoint + "?limit=" + std::to_string(limit));
}

std::optional<std::string> linkOf(const Json& page)
{
    const auto next = page.find("next_page");
    return next != page.end() && next->is_string() ? std::optional(next->get<std::string>()) : std::nullopt;
}

/// What a walk over pages has seen so far.
struct Walk {
    std::vector<std::string> items; ///< as texts; numbers of equal value are equal
    bool sawTie = false;            ///< two links that follow each other name the same time
    bool loops = false;             ///< a page leads to itself
    std::optional<Question> next;   ///< nothing where the walk is at its end
};

Expected<Walk> walkOf(const Side& side, Answers answers)
{
    Walk walk{{}, false, false, pageOf(side, 1)};
    QString time;
    for (const Answer& answer : answers) {
        const Expected<Json> page = pageFrom(answer);
        if (!page)
            return fail(page.error());
        for (const Json& item : (*page)["data"])
            walk.items.push_back(jsonText(item));
        const std::optional<std::string> link = linkOf(*page);
        if (!link) {
            walk.next.reset();
            return walk;
        }
        const QUrl url(toQt(*link));
        if (!client::sameOrigin(url, QUrl(toQt(side.endpoint))))
            return fail(Problem::Unavailable, "its next page is on another origin, which is not asked");
        const QString to = QUrlQuery(url).queryItemValue(QStringLiteral("to"));
        walk.sawTie = walk.sawTie || (!time.isEmpty() && to == time);
        time = to;
        Question next = requestTo(side, *link);
        walk.loops = walk.loops || next == *walk.next;
        walk.next = std::move(next);
    }
    if (walk.loops || walk.items.size() >= walked)
        walk.next.reset();
    return walk;
}

/// What arrived between the two stands before the first item that both have.
bool goTogether(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    const auto startsIn = [](const std::vector<std::string>& first, const std::vector<std::string>& second) {
        const auto start = std::find(second.begin(), second.end(), first.front());
        const auto common = std::min(second.end() - start, static_cast<std::ptrdiff_t>(first.size()));
        return start != second.end() && std::equal(start, start + common, first.begin());
    };
    return startsIn(a, b) || startsIn(b, a);
}

/// One large page, then pages of one item. `say` gets the walk and whether both met the same items.
template <class Say>
Turn walkTurn(const Side& side, Answers answers, Say say)
{
    if (answers.empty())
        return pageOf(side, walked);
    const Expected<Json> whole = pageFrom(answers.front());
    if (!whole)
        return Said(fail(whole.error()));
    std::vector<std::string> items;
    for (const Json& item : (*whole)["data"])
        items.push_back(jsonText(item));
    if (items.size() < 3)
        return unknown("it has too few items");
    Expected<Walk> walk = walkOf(side, answers.subspan(1));
    if (!walk)
        return Said(fail(walk.error()));
    if (walk->next)
        return *std::move(walk->next);
    return Said(say(*walk, goTogether(items, walk->items)));
}

std::string walkText(const Walk& walk, bool same)
{
    if (walk.loops)
        return "a page of one item leads to itself";
    return same ? "pages of one item give what a large page gives" : "pages of one item repeat or skip items";
}

/// The first witness that `look` finds in the newest items.
template <class Look>
Turn witnessTurn(const Side& side, Answers answers, Look look, const char* found, const char* missing)
{
    return once(answers, pageOf(side, judged), [&](const HttpAnswer& answer) -> Said {
        for (const std::string& item : rawItems(answer.body)) {
            if (look(item))
                return std::string(found);
        }
        return unknown(missing);
    });
}

} // namespace

Turn unknownEndpointTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, unknownEndpoint(side)), shapeOf);
}

Turn deepPathTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, side.endpoint + "/nothing"), shapeOf);
}

Turn postTurn(const Side& side, Answers answers)
{
    Question question = requestTo(side, side.endpoint, {{"Content-Type", "application/json"}}, "POST");
    question.request.body = "{}";
    return once(answers, question,
                [](const HttpAnswer& answer) { return statusOf(answer) + " Allow: " + sortedList(headerOf(answer, "allow")); });
}

Turn headTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, side.endpoint + "?limit=1", {}, "HEAD"), [](const HttpAnswer& answer) {
        return statusOf(answer) + " " + contentType(answer) + (answer.body.isEmpty() ? "" : " with a body");
    });
}

Turn pageTypeTurn(const Side& side, Answers answers)
{
    return once(answers, pageOf(side, 1), [](const HttpAnswer& answer) { return statusOf(answer) + " " + contentType(answer); });
}

Turn pageMembersTurn(const Side& side, Answers answers)
{
    return once(answers, pageOf(side, 1), [](const HttpAnswer& answer) {
        return pageFrom(answer).map([](const Json& page) {
            std::string members;
            for (const auto& [name, value] : page.items())
                members += name + ",";
            return sortedList(members);
        });
    });
}

Turn emptyRangeTurn(const Side& side, Answers answers)
{
    // The year 3000.
    const std::string url = side.endpoint + "?from=32503680000&to=32503680001";
    return once(answers, requestTo(side, url), [](const HttpAnswer& answer) {
        const Expected<Json> page = pageFrom(answer);
        if (!page)
            return shapeOf(answer);
        const auto next = page->find("next_page");
        const std::string link = next == page->end() ? "no next_page" : next->is_null() ? "next_page null" : "next_page not null";
        return statusOf(answer) + ((*page)["data"].empty() ? ", no items, " : ", items, ") + link;
    });
}

Turn nextPageTurn(const Side& side, Answers answers)
{
    return once(answers, pageOf(side, 1), [&](const HttpAnswer& answer) -> Said {
        const Expected<Json> first = pageFrom(answer);
        if (!first)
            return fail(first.error());
        if ((*first)["data"].empty())
            return unknown("it has no items");
        const std::optional<std::string> link = linkOf(*first);
        if (!link)
            return unknown("it has one item only");
        const QUrl url(toQt(*link));
        const QUrlQuery query(url);
        std::string said = url.isRelative() ? "relative" : "absolute";
        said += url.path() == QUrl(toQt(side.endpoint)).path() ? ", same path" : ", another path";
        said += query.hasQueryItem(QStringLiteral("limit")) ? ", limit" : ", no limit";
        said += query.hasQueryItem(QStringLiteral("to")) ? ", to" : ", no to";
        return said + (query.hasQueryItem(QStringLiteral("access_token")) ? ", a token" : "");
    });
}

Turn smallPagesTurn(const Side& side, Answers answers)
{
    return walkTurn(side, answers, walkText);
}

Turn tiesTurn(const Side& side, Answers answers)
{
    return walkTurn(side, answers, [](const Walk& walk, bool same) {
        return walk.sawTie || walk.loops ? Said(walkText(walk, same)) : unknown("no two of its newest items have the same time");
    });
}

Turn numbersTurn(const Side& side, Answers answers)
{
    return witnessTurn(side, answers, keptNumber, "kept", "none of its newest items has a number that would show it");
}

Turn keysTurn(const Side& side, Answers answers)
{
    return witnessTurn(side, answers, keptOrder, "kept", "the keys of its newest items are in the order of the alphabet");
}

} // namespace iotman::lab
