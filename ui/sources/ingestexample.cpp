#include "ui/sources/ingestexample.h"

#include "core/codegen/quote.h"
#include "core/model/json.h"
#include "core/rules/lexer.h"
#include "core/rules/timeexpression.h"

#include <cstdlib>
#include <vector>

namespace iotman::ui {

namespace {

using Path = std::vector<std::string>;

constexpr const char* plainPayload = "{\"temperature\": 21.5}";
constexpr std::int64_t second = 1'000'000; ///< in µs
constexpr std::int64_t day = 86'400 * second;

/// The one path that the expression reads: `$.sent.ms` of `$.sent.ms / 1000`. Nothing where it reads another way, or several.
std::optional<Path> pathIn(const std::string& expression)
{
    using Kind = rules::Token::Kind;
    rules::Lexer lexer(expression);
    std::optional<Path> found;
    rules::Token token = lexer.next();
    while (token.kind != Kind::End) {
        if (!token.is("$")) {
            token = lexer.next();
            continue;
        }
        Path path;
        for (token = lexer.next(); token.is("."); token = lexer.next()) {
            token = lexer.next();
            if (token.kind != Kind::Word && token.kind != Kind::Keyword && token.kind != Kind::String)
                return std::nullopt;
            path.push_back(token.text);
        }
        if (path.empty() || (found && *found != path))
            return std::nullopt;
        found = std::move(path);
    }
    return found;
}

/// `value` at the end of `path`, beside a reading.
std::string payloadWith(const Path& path, const Json& value)
{
    Json payload{{"temperature", 21.5}};
    Json* place = &payload;
    for (const std::string& key : path)
        place = &(*place)[key];
    *place = value;
    return jsonText(payload);
}

bool isRead(const rules::TimeExpression& time, const std::string& text, Timestamp wanted)
{
    rules::Payload payload;
    if (!payload.parse(text))
        return false;
    const Expected<Timestamp> read = time.evaluate(payload, {});
    return read && std::abs(read->us - wanted.us) < day;
}

} // namespace

std::optional<std::string> examplePayload(const Source& source)
{
    if (!source.time)
        return plainPayload;
    const auto time = rules::TimeExpression::compile(*source.time);
    const std::optional<Path> path = pathIn(*source.time);
    if (!time || !path)
        return std::nullopt;
    const std::int64_t seconds = source.made.at.us / second;
    const Timestamp wanted{seconds * second};
    for (const Json& value :
         {Json(seconds), Json(seconds * 1000), Json(seconds * second), Json(seconds * second * 1000), Json(wanted.iso())}) {
        if (std::string payload = payloadWith(*path, value); isRead(*time, payload, wanted))
            return payload;
    }
    return std::nullopt;
}

std::string ingestLine(const SourceView& view)
{
    if (!view.ingestUrl)
        return {};
    std::string line = "curl --header 'Content-Type: application/json' ";
    if (view.source.requiredScope)
        line += "--header \"Authorization: Bearer $TOKEN\" ";
    return line + "--data " + codegen::shellQuoted(examplePayload(view.source).value_or(plainPayload)) + ' ' +
           codegen::shellQuoted(*view.ingestUrl);
}

} // namespace iotman::ui
