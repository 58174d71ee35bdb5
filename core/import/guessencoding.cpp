#include "core/import/guessencoding.h"

#include "core/import/decoder.h"
#include "core/import/textwindow.h"
#include "core/import/utf8.h"
#include "core/import/words.h"
#include "core/model/encoding.h"
#include "core/rules/jsontext.h"

#include <algorithm>

namespace iotman::files {

namespace {

std::string byteInHex(char byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    return std::string("0x") + digits[value >> 4] + digits[value & 15];
}

/// UTF-16 without a mark: text of ours has characters below U+0100 (separators, digits) in plenty, so every other byte is zero
/// much more often than its neighbours.
std::optional<Encoding> utf16WithoutMark(std::string_view sample)
{
    std::size_t zerosAtEven = 0;
    std::size_t zerosAtOdd = 0;
    for (std::size_t i = 0; i < sample.size(); ++i)
        (i % 2 == 0 ? zerosAtEven : zerosAtOdd) += sample[i] == '\0' ? 1 : 0;
    const std::size_t enough = sample.size() / 10 + 1;
    if (zerosAtOdd >= enough && zerosAtEven * 10 < zerosAtOdd)
        return Encoding::Utf16Le;
    if (zerosAtEven >= enough && zerosAtOdd * 10 < zerosAtEven)
        return Encoding::Utf16Be;
    return std::nullopt;
}

/// True when at least half of what is not ASCII becomes Korean syllables and nothing fails: chance pairs of Latin letters do not.
bool looksKorean(std::string_view bytes)
{
    std::string text;
    Decoder(Encoding::Cp949).append(bytes, false, text);
    if (firstNotUtf8(text) != std::string_view::npos)
        return false;
    std::size_t syllables = 0;
    std::size_t others = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0xc0)
            continue;
        // U+AC00 to U+D7A3 in UTF-8: EA B0 80 to ED 9E A3.
        const std::string_view character = std::string_view(text).substr(i, 3);
        (character >= "\xea\xb0\x80" && character <= "\xed\x9e\xa3" ? syllables : others) += 1;
    }
    return syllables > 0 && syllables >= others;
}

Encoding likelyInstead(std::string_view bytes)
{
    return looksKorean(bytes) ? Encoding::Cp949 : Encoding::Latin1;
}

/// True where a text that is not UTF-8 was, before some of its bytes were cut or damaged: others that belong together are still
/// there. In a text that is `instead`, bytes seldom fit so by chance: a little oftener in pairs of Korean than among Latin
/// letters.
bool isDamagedUtf8(std::string_view bytes, Encoding instead)
{
    std::size_t fitting = 0; // bytes behind a first one, as that one says
    std::size_t others = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto length = static_cast<std::size_t>(rules::utf8Length(bytes.substr(at)));
        fitting += length == 0 ? 0 : length - 1;
        others += length == 0 ? 1 : 0;
        at += std::max<std::size_t>(length, 1);
    }
    return fitting >= (instead == Encoding::Cp949 ? 2 * others : others);
}

/// A character that the end of the sample cuts is no fault of a longer file.
std::size_t firstFault(std::string_view sample, bool whole)
{
    const std::size_t at = firstNotUtf8(sample);
    if (whole || at == std::string_view::npos || sample.size() - at >= 4)
        return at;
    std::string completed(sample.substr(at));
    const bool startsOne = static_cast<unsigned char>(completed.front()) >= 0xc2;
    for (int i = 0; startsOne && i < 3; ++i) {
        // Both ends of the range of continuation bytes: some leads allow only one half of it.
        if (isUtf8(completed + '\x80') || isUtf8(completed + '\xbf'))
            return std::string_view::npos;
        completed += completed.size() == 1 && (completed.front() == '\xe0' || completed.front() == '\xf0') ? '\xbf' : '\x80';
    }
    return at;
}

} // namespace

EncodingGuess guessEncoding(std::string_view sample, bool whole, Text text)
{
    if (sample.starts_with(byteOrderMark))
        return {Encoding::Utf8, "The file starts with the byte order mark of UTF-8.", true};
    if (sample.starts_with("\xff\xfe"))
        return {Encoding::Utf16Le, "The file starts with the byte order mark of UTF-16LE.", true};
    if (sample.starts_with("\xfe\xff"))
        return {Encoding::Utf16Be, "The file starts with the byte order mark of UTF-16BE.", true};
    if (const std::optional<Encoding> utf16 = utf16WithoutMark(sample))
        return {*utf16, "Every other byte is zero, as in " + std::string(displayName(*utf16)) + ".", true};
    const std::size_t fault = firstFault(sample, whole);
    if (fault == std::string_view::npos)
        return {Encoding::Utf8, "All of the sample is well-formed UTF-8.", true};
    LineCount lines;
    lines.pass(sample.substr(0, fault));
    const std::string notUtf8 = "Not UTF-8: line " + std::to_string(lines.line) + " has the byte " + byteInHex(sample[fault]) +
                                " at offset " + std::to_string(fault) + " of the file";
    if (text == Text::Json)
        return {Encoding::Utf8, notUtf8 + ", though JSON is UTF-8.", false};
    const Encoding instead = likelyInstead(sample);
    if (isDamagedUtf8(sample, instead))
        return {Encoding::Utf8, notUtf8 + ", though most characters are: that one is damaged, or it is another encoding.", false};
    return {instead, notUtf8 + ". It reads as " + std::string(displayName(instead)) + "; is that right?", false};
}

std::string notTextReason(std::string_view text, std::size_t at, Encoding encoding, std::int64_t offset)
{
    if (encoding == Encoding::Utf8)
        return "not UTF-8: byte " + byteInHex(text[at]) + " at offset " + std::to_string(offset + static_cast<std::int64_t>(at)) +
               " of the file; perhaps this is " + std::string(displayName(likelyInstead(text)));
    return "not " + std::string(displayName(encoding)) + ": bytes without a meaning after " +
           counted(characters(text.substr(0, at)), "character") + " of the row";
}

} // namespace iotman::files
