#include "core/model/names.h"

#include "core/model/ascii.h"
#include "core/model/shown.h"

#include <algorithm>

namespace iotman {

namespace {

constexpr std::size_t longestName = 64;

bool isLower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool isIdCharacter(char c)
{
    return isLower(c) || (c >= 'A' && c <= 'Z');
}
bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool consistsOf(std::string_view text, bool (*wanted)(char))
{
    return std::all_of(text.begin(), text.end(), wanted);
}

tl::unexpected<Error> refuseName(std::string_view expected, std::string_view text, std::string_view field)
{
    return fail(Problem::BadRequest, std::string(field) + ": expected " + std::string(expected) + ", but got " + shown(text),
                std::string(field));
}

template <class Kind>
Expected<Name<Kind>> parseId(std::string_view text, std::string_view field)
{
    if (text.empty() || text.size() > longestName || !consistsOf(text, isIdCharacter))
        return refuseName("an id of 1 to 64 characters of A-Z a-z 0-9 - _", text, field);
    return Name<Kind>{std::string(text)};
}

template <class Kind>
Expected<Name<Kind>> parseLowerName(std::string_view text, std::string_view field)
{
    if (text.empty() || text.size() > longestName || !consistsOf(text, isLower))
        return refuseName("a name of 1 to 64 characters of a-z 0-9 - _", text, field);
    return Name<Kind>{std::string(text)};
}

} // namespace

template <>
Expected<SourceName> SourceName::parse(std::string_view text, std::string_view field)
{
    return parseLowerName<SourceNameKind>(text, field);
}

template <>
Expected<Slug> Slug::parse(std::string_view text, std::string_view field)
{
    return parseLowerName<SlugKind>(text, field);
}

template <>
Expected<EndpointId> EndpointId::parse(std::string_view text, std::string_view field)
{
    return parseId<EndpointIdKind>(text, field);
}

template <>
Expected<OutputId> OutputId::parse(std::string_view text, std::string_view field)
{
    return parseId<OutputIdKind>(text, field);
}

template <>
Expected<ClientId> ClientId::parse(std::string_view text, std::string_view field)
{
    return parseId<ClientIdKind>(text, field);
}

template <>
Expected<MemberId> MemberId::parse(std::string_view text, std::string_view field)
{
    return parseId<MemberIdKind>(text, field);
}

template <>
Expected<OutputName> OutputName::parse(std::string_view text, std::string_view field)
{
    const bool fits = isUtf8(text) && !text.empty() && characters(text) <= longestName;
    if (!fits || std::any_of(text.begin(), text.end(), isControl) || text.front() == ' ' || text.back() == ' ')
        return refuseName("a name of 1 to 64 characters without control characters or blanks at its ends", text, field);
    return OutputName{std::string(text)};
}

template <>
Expected<ScopeName> ScopeName::parse(std::string_view text, std::string_view field)
{
    const std::size_t colon = text.find(':');
    const bool parts = colon != std::string_view::npos && colon > 0 && colon + 1 < text.size();
    if (!parts || text.size() > longestName || !consistsOf(text.substr(0, colon), isLower) ||
        !consistsOf(text.substr(colon + 1), isLower))
        return refuseName("a scope namespace:action of a-z 0-9 - _ such as sensor:read, at most 64 characters", text, field);
    return ScopeName{std::string(text)};
}

template <>
Expected<Email> Email::parse(std::string_view text, std::string_view field)
{
    const std::size_t at = text.find('@');
    const auto plain = [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '@' && c != ':' && c != '"';
    };
    const bool parts = at != std::string_view::npos && at > 0 && at + 1 < text.size();
    if (!parts || text.size() > 254 || !isUtf8(text) || !std::all_of(text.begin(), text.begin() + static_cast<long>(at), plain) ||
        !std::all_of(text.begin() + static_cast<long>(at) + 1, text.end(), plain))
        return refuseName("an e-mail address such as ada@example.com", text, field);
    return Email{lowered(text)};
}

} // namespace iotman
