// Bytes of any encoding to UTF-8, piece by piece.
#pragma once

#include "core/import/options.h"

#include <memory>

namespace iotman::files {

/// What a decoder writes for bytes that mean nothing in its encoding. This byte is never part of UTF-8, so whoever checks
/// a text afterwards finds the place; nothing is replaced by a guess.
inline constexpr char undecodable = '\xff';

/// Keeps its state between pieces: characters may be cut anywhere. UTF-8 passes through as it is, unchecked. One thread at a
/// time.
class Decoder {
public:
    explicit Decoder(Encoding encoding);
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) = delete;
    ~Decoder();

    /// Appends `bytes` as UTF-8 to `text`. `last`: nothing follows, so a character that is cut is undecodable.
    void append(std::string_view bytes, bool last, std::string& text);

private:
    struct Converter;
    std::unique_ptr<Converter> converter_; ///< none for UTF-8
};

} // namespace iotman::files
