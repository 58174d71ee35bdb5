#include "app/server/contractprobes.h"

#include "core/model/encoding.h"
#include "core/model/json.h"

#include <QtCore/qurl.h>
#include <QtCore/qurlquery.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace iotman {

namespace {

using Said = Expected<std::string>;
using client::HttpAnswer;
using client::HttpRequest;

constexpr const char* foreignOrigin = "https://contract.invalid";
constexpr int walked = 12; ///< items that a walk of pages looks at

HttpRequest requestTo(const ProbeSide& side, const std::string& url)
{
    HttpRequest request;
    request.url = QUrl(QString::fromStdString(url));
    if (!side.token.empty())
        request.headers.append(
            qMakePair(QByteArray("Authorization"), QByteArray("Bearer " + QByteArray::fromStdString(side.token))));
    return request;
}

Expected<HttpAnswer> get(const ProbeSide& side, const std::string& suffix)
{
    return side.send(requestTo(side, side.endpoint + suffix));
}

std::string contentType(const HttpAnswer& answer)
{
    const std::string type = answer.header("content-type").toLower().toStdString();
    return type.substr(0, type.find(';'));
}

/// `404 application/problem+json`, with the members of a problem and the parameter it names.
std::string shapeOf(const HttpAnswer& answer)
{
    std::string shape = std::to_string(answer.status);
    if (answer.body.isEmpty())
        return shape;
    shape += " " + contentType(answer);
    const Json json = Json::parse(answer.body.toStdString(), nullptr, false);
    if (json.is_object() && json.contains("field") && json["field"].is_string())
        shape += " field=" + json["field"].get<std::string>();
    return shape;
}

std::string sortedList(std::string text)
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

std::string headerOf(const HttpAnswer& answer, const char* name)
{
    const QByteArray value = answer.header(name);
    return value.isEmpty() ? "none" : value.toStdString();
}

/// Scheme and error code of a challenge; realm and texts are a server's own.
std::string challengeOf(const HttpAnswer& answer)
{
    const std::string value = answer.header("www-authenticate").toStdString();
    std::string scheme = value.substr(0, value.find(' '));
    const std::size_t at = value.find("error=\"");
    const std::string code = at == std::string::npos ? "no code" : value.substr(at + 7, value.find('"', at + 7) - at - 7);
    return std::to_string(answer.status) + " " + (scheme.empty() ? "no challenge" : scheme + ", " + code);
}

template <const char* suffix>
Said shape(const ProbeSide& side)
{
    return get(side, suffix).map(shapeOf);
}

Said unknownEndpoint(const ProbeSide& side)
{
    const std::string parent = side.endpoint.substr(0, side.endpoint.rfind('/') + 1);
    return side.send(requestTo(side, parent + "00000000-0000-4000-8000-000000000000")).map(shapeOf);
}

Said post(const ProbeSide& side)
{
    HttpRequest request = requestTo(side, side.endpoint);
    request.method = "POST";
    request.body = "{}";
    return side.send(request).map([](const HttpAnswer& answer) {
        return std::to_string(answer.status) + " Allow: " + sortedList(headerOf(answer, "allow"));
    });
}

Said head(const ProbeSide& side)
{
    HttpRequest request = requestTo(side, side.endpoint + "?limit=1");
    request.method = "HEAD";
    return side.send(request).map([](const HttpAnswer& answer) {
        return std::to_string(answer.status) + " " + contentType(answer) + (answer.body.isEmpty() ? "" : " with a body");
    });
}

Expected<Json> page(const ProbeSide& side, const std::string& url)
{
    const auto answer = side.send(requestTo(side, url));
    if (!answer)
        return fail(answer.error());
    Json json = Json::parse(answer->body.toStdString(), nullptr, false);
    if (answer->status != 200 || !json.is_object() || !json.contains("data") || !json["data"].is_array())
        return fail(Problem::Unavailable, "a page was answered with " + shapeOf(*answer));
    return json;
}

Said pageMembers(const ProbeSide& side)
{
    return page(side, side.endpoint + "?limit=1").map([](const Json& json) {
        std::string members;
        for (const auto& [name, value] : json.items())
            members += name + ",";
        return sortedList(members);
    });
}

Said pageType(const ProbeSide& side)
{
    return get(side, "?limit=1").map([](const HttpAnswer& answer) {
        return std::to_string(answer.status) + " " + contentType(answer);
    });
}

Said nextPage(const ProbeSide& side)
{
    const Expected<Json> first = page(side, side.endpoint + "?limit=1");
    if (!first)
        return fail(first.error());
    if ((*first)["data"].empty())
        return fail(Problem::Unavailable, "it has no items");
    const Json& next = first->contains("next_page") ? (*first)["next_page"] : Json(nullptr);
    if (!next.is_string())
        return fail(Problem::Unavailable, "it has one item only");
    const QUrl url(QString::fromStdString(next.get<std::string>()));
    const QUrl asked(QString::fromStdString(side.endpoint));
    const QUrlQuery query(url);
    std::string said = url.isRelative() ? "relative" : "absolute";
    said += url.path() == asked.path() ? ", same path" : ", another path";
    said += query.hasQueryItem(QStringLiteral("limit")) ? ", limit" : ", no limit";
    said += query.hasQueryItem(QStringLiteral("to")) ? ", to" : ", no to";
    return said + (query.hasQueryItem(QStringLiteral("access_token")) ? ", a token" : "");
}

/// Walks from page to page; the items' texts.
Expected<std::vector<std::string>> walk(const ProbeSide& side, int limit)
{
    std::vector<std::string> items;
    std::string url = side.endpoint + "?limit=" + std::to_string(limit);
    while (!url.empty() && items.size() < walked) {
        const Expected<Json> json = page(side, url);
        if (!json)
            return fail(json.error());
        for (const Json& item : (*json)["data"])
            items.push_back(jsonText(item));
        const auto next = json->find("next_page");
        const std::string following = next != json->end() && next->is_string() ? next->get<std::string>() : std::string();
        if (following == url)
            return fail(Problem::Unavailable, "a page leads to itself");
        url = following;
    }
    items.resize(std::min<std::size_t>(items.size(), walked));
    return items;
}

Said smallPages(const ProbeSide& side)
{
    const auto whole = walk(side, walked);
    if (!whole)
        return fail(whole.error());
    if (whole->size() < 3)
        return fail(Problem::Unavailable, "it has too few items");
    const auto parts = walk(side, 1);
    if (!parts)
        return fail(parts.error());
    // What arrived between the two walks stands before the first item that both have.
    const auto start = std::find(parts->begin(), parts->end(), whole->front());
    const auto common = static_cast<std::size_t>(std::min(parts->end() - start, static_cast<std::ptrdiff_t>(whole->size())));
    const bool same = start != parts->end() && std::equal(start, start + static_cast<std::ptrdiff_t>(common), whole->begin());
    return std::string(same ? "pages of one item give what a large page gives" : "pages of one item repeat or skip items");
}

Said withoutToken(const ProbeSide& side)
{
    HttpRequest request = requestTo({side.endpoint, {}, side.send}, side.endpoint);
    return side.send(request).map(challengeOf);
}

Said withBadToken(const ProbeSide& side)
{
    return side.send(requestTo({side.endpoint, "not-a-token", side.send}, side.endpoint)).map(challengeOf);
}

Said foreignRead(const ProbeSide& side)
{
    HttpRequest request = requestTo(side, side.endpoint + "?limit=1");
    request.headers.append(qMakePair(QByteArray("Origin"), QByteArray(foreignOrigin)));
    return side.send(request).map([](const HttpAnswer& answer) {
        return std::to_string(answer.status) + " allowed: " + headerOf(answer, "access-control-allow-origin");
    });
}

Said foreignPreflight(const ProbeSide& side)
{
    HttpRequest request = requestTo({side.endpoint, {}, side.send}, side.endpoint);
    request.method = "OPTIONS";
    request.headers.append(qMakePair(QByteArray("Origin"), QByteArray(foreignOrigin)));
    request.headers.append(qMakePair(QByteArray("Access-Control-Request-Method"), QByteArray("GET")));
    request.headers.append(qMakePair(QByteArray("Access-Control-Request-Headers"), QByteArray("authorization")));
    return side.send(request).map([](const HttpAnswer& answer) {
        const bool passes = !answer.header("access-control-allow-origin").isEmpty() && answer.status >= 200 && answer.status < 300;
        return std::string(passes ? "passes" : "does not pass");
    });
}

Said plainStream(const ProbeSide& side)
{
    return get(side, "/stream").map([](const HttpAnswer& answer) {
        return std::to_string(answer.status) + " Upgrade: " + headerOf(answer, "upgrade");
    });
}

constexpr char limitZero[] = "?limit=0";
constexpr char limitHuge[] = "?limit=10001";
constexpr char limitWord[] = "?limit=many";
constexpr char limitTwice[] = "?limit=1&limit=2";
constexpr char fromWord[] = "?from=yesterday";
constexpr char fromMilliseconds[] = "?from=1700000000000";
constexpr char toTwice[] = "?to=1&to=2";
constexpr char unknownParameter[] = "?limit=1&iotman_contract=1";
constexpr char deepPath[] = "/nothing";

constexpr std::array probes{
    Probe{"an endpoint that is not there", unknownEndpoint},
    Probe{"a path below the endpoint that is not there", shape<deepPath>},
    Probe{"limit=0", shape<limitZero>},
    Probe{"a limit beyond 10000", shape<limitHuge>},
    Probe{"a limit that is no number", shape<limitWord>},
    Probe{"limit given twice", shape<limitTwice>},
    Probe{"to given twice", shape<toTwice>},
    Probe{"from that is no number", shape<fromWord>},
    Probe{"from in milliseconds", shape<fromMilliseconds>},
    Probe{"a parameter that nobody knows", shape<unknownParameter>},
    Probe{"POST to an endpoint", post},
    Probe{"HEAD of a page", head},
    Probe{"the type of a page", pageType},
    Probe{"the members of a page", pageMembers},
    Probe{"the link to the next page", nextPage},
    Probe{"pages of one item", smallPages},
    Probe{"no token", withoutToken, true},
    Probe{"a token that is none", withBadToken, true},
    Probe{"a page read from a foreign origin", foreignRead},
    Probe{"a preflight from a foreign origin", foreignPreflight},
    Probe{"a stream without an upgrade", plainStream},
};

} // namespace

std::span<const Probe> contractProbes()
{
    return probes;
}

} // namespace iotman
