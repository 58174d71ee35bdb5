// Pieces that the JSON mappings of the resources share. Only for core/model's own .cpp files.
#pragma once

#include "core/model/encoding.h"
#include "core/model/resources.h"
#include "core/model/shown.h"

namespace iotman {

inline constexpr std::size_t longestText = 200; ///< characters of names and descriptions that people give

template <class T>
Expected<T> finished(ObjectReader& reader, T value)
{
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    return value;
}

inline Made readMade(ObjectReader& reader)
{
    const Timestamp at = reader.time("created_at").value_or(Timestamp{});
    return {at, reader.text("created_by")};
}

inline void checkLength(ObjectReader& reader, std::string_view member, std::string_view value)
{
    if (characters(value) > longestText)
        reader.refuse({Problem::BadRequest,
                       std::string(member) + ": expected at most " + std::to_string(longestText) + " characters, but got " +
                           std::to_string(characters(value)),
                       std::string(member), 0, "/" + std::string(member)});
}

/// A name that people give: not empty, one line, and nothing in it that cannot be seen or that turns round what stands behind it,
/// since both let two names look alike. Joiners stay, which many scripts need.
inline void checkName(ObjectReader& reader, std::string_view member, std::string_view value)
{
    checkLength(reader, member, value);
    if (!showsWhatItIs(value))
        reader.refuse({Problem::BadRequest,
                       std::string(member) + ": expected one line without invisible characters or blanks at its ends, but got " +
                           (value.empty() ? "nothing" : shown(value)),
                       std::string(member), 0, "/" + std::string(member)});
}

/// A text that people give, of several lines perhaps, in which nothing turns round what stands behind it.
inline void checkText(ObjectReader& reader, std::string_view member, std::string_view value)
{
    checkLength(reader, member, value);
    std::string line = "a"; // so that it begins and ends with something
    for (const char c : value)
        line += c == '\n' || c == '\t' ? ' ' : c;
    if (!showsWhatItIs(line + "a"))
        reader.refuse({Problem::BadRequest, std::string(member) + ": expected a text without invisible characters, but got " + shown(value),
                       std::string(member), 0, "/" + std::string(member)});
}

inline std::optional<Role> readRole(ObjectReader& reader, std::string_view member)
{
    const Expected<Role> role = parseRole(reader.requiredText(member), member);
    if (role)
        return *role;
    reader.refuse(role.error().below("/" + std::string(member)));
    return std::nullopt;
}

template <class Named>
std::vector<std::string> textsOf(const std::vector<Named>& names)
{
    std::vector<std::string> texts;
    for (const Named& name : names)
        texts.push_back(name.text);
    return texts;
}

template <class Named>
Json nameOrNull(const std::optional<Named>& name)
{
    return name ? Json(name->text) : Json(nullptr);
}

/// A member that may be left out of a PATCH, null, or a name.
template <class Named>
std::optional<std::optional<Named>> patchedName(ObjectReader& reader, std::string_view member)
{
    const bool given = reader.has(member);
    std::optional<Named> name = reader.optionalParsed<Named>(member);
    // Spelled out: std::optional(name) would be `name` again, and an absent member the same as null.
    return given ? std::optional<std::optional<Named>>(std::move(name)) : std::nullopt;
}

/// A member of a PATCH: nothing where it is left out.
inline std::optional<bool> patchedFlag(ObjectReader& reader, std::string_view member)
{
    const bool given = reader.has(member);
    const bool value = reader.flag(member, false);
    return given ? std::optional(value) : std::nullopt;
}

} // namespace iotman
