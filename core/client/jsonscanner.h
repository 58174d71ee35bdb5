// JSON text cut into slices of itself: values keep their exact bytes, so no number loses a digit and no key moves.
#pragma once

#include "core/model/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace iotman::client {

/// Walks over JSON text (RFC 8259) and checks its grammar on the way. After the first fault every call returns nothing and
/// `finish` tells it. The text must outlive the slices. UTF-8 is not checked here: see `isUtf8` in core/model/encoding.h.
class JsonScanner {
public:
    explicit JsonScanner(std::string_view text)
        : text_(text)
    {
    }

    /// The next value as it stands in the text, without blanks around it.
    std::optional<std::string_view> value();

    /// Enters an object or an array; false when something else comes (which is no fault: `value` can still read it).
    bool enterObject();
    bool enterArray();
    /// Inside an object: moves to the next member's value; nothing at its end, which is left then. The name is a slice without
    /// its quotes, escapes as written (no member that we look for needs one).
    std::optional<std::string_view> member();
    /// Inside an array: true when an element follows; at its end false, and the array is left.
    bool element();

    /// That the text ends here and held no fault. Errors: BadRequest with the byte offset.
    Expected<void> finish();

private:
    bool fault(std::string_view expected);
    void skipBlanks();
    bool peek(char c);
    bool take(char c);
    bool next(char close);
    bool skipValue();
    bool skipString();
    bool skipNumber();
    bool skipDigits();
    bool skipWord(std::string_view word);

    std::string_view text_;
    std::size_t at_ = 0;
    bool first_ = false; ///< just entered an object or array
    std::string fault_;
};

/// The characters of a JSON string without escapes beyond the simple and \u ones, from its slice with quotes.
/// Nothing when the slice is no string.
std::optional<std::string> stringFrom(std::string_view slice);

} // namespace iotman::client
