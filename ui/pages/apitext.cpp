#include "ui/pages/apitext.h"

#include "core/client/jsonscanner.h"
#include "ui/pages/jsonnode.h"

#include <algorithm>
#include <array>
#include <limits>

namespace iotman::ui {

using client::JsonScanner;

namespace {

constexpr std::array<std::string_view, 8> methods{"get",     "put",  "post",  "delete",
                                                  "options", "head", "patch", "trace"}; // OpenAPI 3.1, §4.8.9.1

/// Calls `visit` with each member's name, as it is written, and its value. Any number of them: nothing is compared or kept.
template <class Visit>
void forMembers(std::string_view object, const Visit& visit)
{
    JsonScanner scanner(object);
    if (!scanner.enterObject())
        return;
    while (const auto name = scanner.member()) {
        const auto value = scanner.value();
        if (!value)
            return;
        visit(*name, *value);
    }
}

std::string decoded(std::string_view name)
{
    return client::stringFrom('"' + std::string(name) + '"').value_or(std::string(name));
}

std::string methodsOf(std::string_view path)
{
    std::string found;
    forMembers(path, [&](std::string_view name, std::string_view) {
        if (std::find(methods.begin(), methods.end(), name) == methods.end())
            return;
        found += found.empty() ? "" : ", ";
        for (const char c : name)
            found += static_cast<char>(c - 'a' + 'A');
    });
    return found;
}

/// The lines that `value` takes when it is written indented: one, one more after each comma, and two for an object or list that
/// is not empty.
int linesOf(std::string_view value)
{
    int lines = 1;
    bool opened = false; // nothing has come since an opening bracket
    for (std::size_t at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            continue;
        const bool closes = c == '}' || c == ']';
        if (opened && !closes)
            lines += 2;
        opened = c == '{' || c == '[';
        lines += c == ',';
        if (c == '"') {
            for (++at; at < value.size() && value[at] != '"'; ++at)
                at += value[at] == '\\';
        }
    }
    return lines;
}

/// A member of an object, and the line on which it stands; the object itself begins on `line`.
struct Member {
    std::string_view value;
    int line = 0;
};
Member memberOf(std::string_view object, std::string_view wanted, int line)
{
    Member found;
    ++line;
    forMembers(object, [&](std::string_view name, std::string_view value) {
        if (name == wanted)
            found = {value, line};
        line += linesOf(value);
    });
    return found;
}

void addPlaces(ApiPlace::Kind kind, const Member& group, std::vector<ApiPlace>& places)
{
    int line = group.line + 1;
    forMembers(group.value, [&](std::string_view name, std::string_view value) {
        places.push_back({kind, decoded(name), kind == ApiPlace::Kind::Path ? methodsOf(value) : std::string(), line});
        line += linesOf(value);
    });
}

} // namespace

Expected<ApiText> apiTextFrom(std::string_view document)
{
    JsonScanner scanner(document);
    const std::optional<std::string_view> whole = scanner.value();
    const bool isJson = whole && scanner.finish();
    const std::optional<std::string> version =
        isJson ? client::stringFrom(memberOf(*whole, "openapi", 0).value) : std::optional<std::string>();
    if (!version)
        return fail(Problem::Internal,
                    "Expected an OpenAPI description, but got something else. Is the server older than this program?");
    ApiText api{indented(*whole, std::numeric_limits<std::size_t>::max()) + '\n', *version, {}};
    addPlaces(ApiPlace::Kind::Path, memberOf(*whole, "paths", 0), api.places);
    const Member components = memberOf(*whole, "components", 0);
    addPlaces(ApiPlace::Kind::Schema, memberOf(components.value, "schemas", components.line), api.places);
    return api;
}

} // namespace iotman::ui
