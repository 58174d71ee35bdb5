// Which encoding bytes are in.
#pragma once

#include "core/import/options.h"

namespace iotman::files {

struct EncodingGuess {
    Encoding encoding = Encoding::Utf8;
    std::string reason;
    bool sure = true; ///< false: a person should confirm it
};

/// From a byte order mark, from zero bytes (UTF-16), from being UTF-8 or not. `whole`: nothing follows the sample, so a
/// character that is cut at its end is a fault.
EncodingGuess guessEncoding(std::string_view sample, bool whole);

/// The sentence for bytes that are not text in `encoding`: what is wrong at byte `at` of the row's `text`, which starts at
/// `offset` of the file, and for UTF-8 which encoding the row may be in instead.
std::string notTextReason(std::string_view text, std::size_t at, Encoding encoding, std::int64_t offset);

} // namespace iotman::files
