#include "core/import/decoder.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <array>

namespace iotman::files {

namespace {

const char* icuName(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf16Le:
        return "UTF-16LE";
    case Encoding::Utf16Be:
        return "UTF-16BE";
    case Encoding::Cp949:
        return "windows-949";
    case Encoding::Latin1:
        return "windows-1252"; // what calls itself Latin-1 today; equal wherever Latin-1 has letters
    case Encoding::Utf8:
        break;
    }
    return "UTF-8";
}

void appendUtf8(UChar32 character, std::string& text)
{
    std::array<char, U8_MAX_LENGTH> bytes{};
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, character);
    text.append(bytes.data(), static_cast<std::size_t>(length));
}

} // namespace

struct Decoder::Converter {
    UConverter* icu = nullptr;
    UChar32 lead = 0; ///< the first half of a pair whose second half has not come out yet

    explicit Converter(Encoding encoding)
    {
        UErrorCode status = U_ZERO_ERROR;
        icu = ucnv_open(icuName(encoding), &status);
        ucnv_setToUCallBack(icu, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() { ucnv_close(icu); }

    void append(const UChar* units, const UChar* end, std::string& text)
    {
        for (; units != end; ++units) {
            const UChar32 unit = *units;
            if (U16_IS_LEAD(unit)) {
                lead = unit;
            } else if (U16_IS_TRAIL(unit)) {
                appendUtf8(U16_GET_SUPPLEMENTARY(lead, unit), text);
            } else {
                appendUtf8(unit, text);
            }
        }
    }
};

Decoder::Decoder(Encoding encoding)
    : converter_(encoding == Encoding::Utf8 ? nullptr : std::make_unique<Converter>(encoding))
{
}

Decoder::Decoder(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

void Decoder::append(std::string_view bytes, bool last, std::string& text)
{
    if (!converter_) {
        text += bytes;
        return;
    }
    std::array<UChar, 8192> units; // NOLINT(cppcoreguidelines-pro-type-member-init): ICU fills it
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        UChar* target = units.data();
        ucnv_toUnicode(converter_->icu, &target, units.data() + units.size(), &source, end, nullptr, last ? 1 : 0, &status);
        converter_->append(units.data(), target, text);
        if (U_SUCCESS(status))
            return;
        if (status != U_BUFFER_OVERFLOW_ERROR) {
            text += undecodable;
            if (source == end)
                return;
        }
    }
}

} // namespace iotman::files
