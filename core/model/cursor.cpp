#include "core/model/cursor.h"

#include "core/model/encoding.h"

#include <array>
#include <initializer_list>
#include <optional>
#include <vector>

namespace iotman {

namespace {

// Layout behind the letter, base64url: 8 bytes a word, big endian, then 4 bytes of FNV-1a over endpoint id, letter and words:
// one check for damage, for the wrong kind and for another endpoint's cursor.
constexpr std::size_t wordBytes = 8;
constexpr std::size_t checkBytes = 4;
constexpr std::size_t mostWords = 4;

std::uint32_t fnv1a(std::string_view text, std::uint32_t hash = 2166136261U)
{
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

/// Of a cursor with these words (their bytes) of that endpoint.
std::uint32_t check(char letter, std::string_view body, const EndpointId& endpoint)
{
    return fnv1a(body, fnv1a({&letter, 1}, fnv1a(endpoint.text)));
}

/// Returns the end of what it wrote.
char* put(char* at, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = count; i > 0; --i)
        *at++ = static_cast<char>(value >> ((i - 1) * 8));
    return at;
}

std::uint64_t take(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

std::string encode(char letter, std::initializer_list<std::uint64_t> words, const EndpointId& endpoint)
{
    std::array<char, mostWords * wordBytes + checkBytes> bytes{};
    char* end = bytes.data();
    for (const std::uint64_t word : words)
        end = put(end, word, wordBytes);
    end = put(end, check(letter, {bytes.data(), end}, endpoint), checkBytes);
    return letter + base64Url({bytes.data(), end});
}

std::optional<std::vector<std::uint64_t>> decode(char letter, std::string_view text, const EndpointId& endpoint)
{
    constexpr std::size_t longest = 64;
    if (text.empty() || text.size() > longest || text.front() != letter)
        return std::nullopt;
    const std::optional<std::string> bytes = fromBase64Url(text.substr(1));
    if (!bytes || bytes->size() < checkBytes || bytes->size() % wordBytes != checkBytes)
        return std::nullopt;
    const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - checkBytes);
    if (take(std::string_view(*bytes).substr(body.size())) != check(letter, body, endpoint))
        return std::nullopt;
    std::vector<std::uint64_t> words;
    for (std::size_t at = 0; at < body.size(); at += wordBytes)
        words.push_back(take(body.substr(at, wordBytes)));
    return words;
}

tl::unexpected<Error> refuseCursor(std::string_view expected)
{
    return fail(Problem::BadRequest,
                "cursor: expected " + std::string(expected) + " of this endpoint, unchanged; start again without a cursor",
                "cursor");
}

std::uint64_t word(Timestamp time)
{
    return static_cast<std::uint64_t>(time.us);
}
Timestamp time(std::uint64_t word)
{
    return {static_cast<std::int64_t>(word)};
}

} // namespace

std::string PageCursor::text(const EndpointId& endpoint) const
{
    if (until == 0)
        return encode('p', {word(position.time), position.sequence}, endpoint);
    return encode('p', {word(position.time), position.sequence, until}, endpoint);
}

Expected<PageCursor> PageCursor::parse(std::string_view text, const EndpointId& endpoint)
{
    const auto words = decode('p', text, endpoint);
    if (!words || (words->size() != 2 && words->size() != 3))
        return refuseCursor("the cursor of a next_page link");
    return PageCursor{{time((*words)[0]), (*words)[1]}, words->size() == 3 ? (*words)[2] : 0};
}

std::string StreamCursor::text(const EndpointId& endpoint) const
{
    if (isLive())
        return encode('s', {after}, endpoint);
    return encode('s', {after, until, word(position.time), position.sequence}, endpoint);
}

Expected<StreamCursor> StreamCursor::parse(std::string_view text, const EndpointId& endpoint)
{
    const auto words = decode('s', text, endpoint);
    if (!words || (words->size() != 1 && words->size() != 4))
        return refuseCursor("the cursor of a stream");
    if (words->size() == 1)
        return StreamCursor{(*words)[0], 0, {Timestamp::min(), 0}};
    return StreamCursor{(*words)[0], (*words)[1], {time((*words)[2]), (*words)[3]}};
}

} // namespace iotman
