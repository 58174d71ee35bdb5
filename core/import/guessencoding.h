// Which encoding bytes are in.
#pragma once

#include "core/import/options.h"

namespace iotman::files {

struct EncodingGuess {
    Encoding encoding = Encoding::Utf8;
    std::string reason;
    bool sure = true; ///< false: a person should confirm it
};

enum class Text {
    Json, ///< UTF-8 by its definition (RFC 8259 §8.1); UTF-16 is read too
    Any,
};

/// From a byte order mark, from zero bytes (UTF-16), from being UTF-8 or not. `whole`: nothing follows the sample, so a
/// character that is cut at its end is a fault. A text that is UTF-8 but for a few bytes stays UTF-8, and is not sure: read as
/// anything else it would become another text without anyone noticing.
EncodingGuess guessEncoding(std::string_view sample, bool whole, Text text);

/// The sentence for bytes that are not text in `encoding`: what is wrong at byte `at` of the row's `text`, which starts at
/// `offset` of the file, and for UTF-8 which encoding the row may be in instead.
std::string notTextReason(std::string_view text, std::size_t at, Encoding encoding, std::int64_t offset);

} // namespace iotman::files
