#include "ui/pages/apitext.h"

#include "core/model/json.h"

#include <algorithm>
#include <array>

namespace iotman::ui {

namespace {

constexpr int indent = 2;
constexpr std::array methods{"get", "put", "post", "delete", "options", "head", "patch", "trace"}; // OpenAPI 3.1, §4.8.9.1

std::string methodsOf(const Json& path)
{
    std::string found;
    for (const auto& [name, operation] : path.items()) {
        if (std::find(methods.begin(), methods.end(), name) == methods.end())
            continue;
        if (!found.empty())
            found += ", ";
        for (const char c : name)
            found += static_cast<char>(c - 'a' + 'A');
    }
    return found;
}

/// The lines that `value` takes when it is written indented: one, and of an object or list that is not empty one for each of its
/// parts and one for its end.
int linesOf(const Json& value)
{
    int lines = 1;
    if (value.is_structured() && !value.empty()) {
        for (const Json& part : value)
            lines += linesOf(part);
        ++lines;
    }
    return lines;
}

/// The line of a member of `object`, which itself begins on `line`.
int lineOf(const Json& object, std::string_view member, int line)
{
    ++line;
    for (const auto& [name, value] : object.items()) {
        if (name == member)
            break;
        line += linesOf(value);
    }
    return line;
}

void addPlaces(ApiPlace::Kind kind, const Json& object, int line, std::vector<ApiPlace>& places)
{
    ++line;
    for (const auto& [name, value] : object.items()) {
        places.push_back(
            {kind, name, kind == ApiPlace::Kind::Path && value.is_object() ? methodsOf(value) : std::string(), line});
        line += linesOf(value);
    }
}

} // namespace

Expected<ApiText> apiTextFrom(std::string_view document)
{
    const Expected<Json> json = parseJson(document);
    if (!json || !json->is_object() || !json->contains("openapi") || !(*json)["openapi"].is_string())
        return fail(Problem::Internal,
                    "Expected an OpenAPI description, but got something else. Is the server older than this program?");
    ApiText api;
    api.version = (*json)["openapi"].get<std::string>();
    api.text = json->dump(indent, ' ', false, Json::error_handler_t::replace) + '\n';
    if (const auto paths = json->find("paths"); paths != json->end() && paths->is_object())
        addPlaces(ApiPlace::Kind::Path, *paths, lineOf(*json, "paths", 0), api.places);
    if (const auto components = json->find("components"); components != json->end() && components->is_object()) {
        if (const auto schemas = components->find("schemas"); schemas != components->end() && schemas->is_object())
            addPlaces(ApiPlace::Kind::Schema, *schemas, lineOf(*components, "schemas", lineOf(*json, "components", 0)),
                      api.places);
    }
    return api;
}

} // namespace iotman::ui
