// JSON for resources: members stay in the order they are written. Never for datapoints or items, whose bytes are kept as they
// came.
#pragma once

#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman {

using Json = nlohmann::ordered_json;

/// Errors: BadRequest, with line and column of what is wrong. Nesting is limited to 128 and an object to 4096
/// members; repeated members are refused.
Expected<Json> parseJson(std::string_view text);

enum class JsonLayout { Compact, Indented };
/// Numbers have the fewest digits that mean them. Texts that are not UTF-8 are written with U+FFFD.
std::string jsonText(const Json& value, JsonLayout layout = JsonLayout::Compact);

/// Null where it is empty.
Json textOrNull(const std::string& text);

/// A time as JSON spells it: a number of Unix seconds with all its digits; null where there is none.
Json timeJson(Timestamp time);
Json timeJson(const std::optional<Timestamp>& time);

// A fraction with more digits than every double keeps is kept as its text, which is neither is_number() nor anything else that
// JSON has.

bool isNumber(const Json& value);
/// The nearest double; `value` must be a number.
double numberIn(const Json& value);
/// A number of Unix seconds; digits past the sixth are cut towards the past. Nothing for what is no number, or 1e11 and beyond.
std::optional<Timestamp> timeIn(const Json& value);

/// The line (1-based) on which the value at `pointer` (RFC 6901) starts in `text`, or the line of its nearest parent that exists.
int jsonLine(std::string_view text, std::string_view pointer);

/// A JSON pointer's reference token: `~` and `/` escaped.
std::string pointerToken(std::string_view member);

/// What becomes of members that nobody asked for: a request with one is wrong, an answer may come from a newer server.
enum class UnknownMembers { Refused, Ignored };

/// Reads one JSON object member by member. The first thing wrong is kept; `finish` also judges members that nobody asked for.
/// Each read returns a usable default after a failure, so that a reader of a resource is a list of members and one `finish`.
class ObjectReader {
public:
    /// `value` must outlive the reader. Something else than an object is an error.
    explicit ObjectReader(const Json& value, UnknownMembers unknown = UnknownMembers::Refused);

    bool has(std::string_view member) const;
    /// A member that the answer carries and a request may send back unchanged: it is accepted and ignored.
    void ignore(std::string_view member);

    std::string requiredText(std::string_view member);
    std::string text(std::string_view member, std::string_view fallback = {});
    std::optional<std::string> optionalText(std::string_view member); ///< absent or null: nothing
    bool flag(std::string_view member, bool fallback);
    std::optional<Timestamp> time(std::string_view member); ///< absent or null: nothing
    std::int64_t integer(std::string_view member, std::int64_t fallback, std::int64_t least, std::int64_t most);
    std::vector<std::string> texts(std::string_view member); ///< an array of texts; absent: empty
    const Json* object(std::string_view member);             ///< absent: null pointer
    const Json* array(std::string_view member);              ///< absent: null pointer
    const Json* any(std::string_view member);                ///< absent: null pointer

    /// A text member read by a parser of its own: `parsed<SourceName>("name")`. Absent is an error.
    template <class T>
    T parsed(std::string_view member)
    {
        return parse<T>(requiredText(member), member).value_or(T{});
    }
    /// As `parsed`, but absent or null is nothing.
    template <class T>
    std::optional<T> optionalParsed(std::string_view member)
    {
        const std::optional<std::string> given = optionalText(member);
        return given && !error_ ? parse<T>(*given, member) : std::nullopt;
    }
    template <class T>
    std::vector<T> parsedTexts(std::string_view member)
    {
        std::vector<T> values;
        const std::vector<std::string> given = texts(member);
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (std::optional<T> value = parse<T>(given[i], member, "/" + std::to_string(i)))
                values.push_back(std::move(*value));
        }
        return values;
    }

    void refuse(Error error);
    /// The first error, or one that names a member which is not known here.
    Expected<void> finish();

private:
    const Json* find(std::string_view member);
    void expected(std::string_view member, std::string_view what, const Json* got);
    template <class T>
    std::optional<T> parse(std::string_view given, std::string_view member, std::string_view element = {})
    {
        if (error_)
            return std::nullopt;
        Expected<T> value = T::parse(given, member);
        if (!value) {
            refuse(value.error().below(element).below("/" + pointerToken(member)));
            return std::nullopt;
        }
        return std::move(*value);
    }

    const Json* value_;
    UnknownMembers unknown_;
    std::vector<std::string> known_;
    std::string missing_; ///< the member that `error_` says is missing
    std::optional<Error> error_;
};

} // namespace iotman
