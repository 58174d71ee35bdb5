#include "core/import/utf8.h"

#include "core/rules/jsontext.h"

#include <cstdint>
#include <cstring>

namespace iotman::files {

std::size_t firstNotUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t eight = 0;
        if (text.size() - at >= sizeof eight) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080'8080'8080'8080U) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const int length = rules::utf8Length(text.substr(at));
        if (length == 0)
            return at;
        at += static_cast<std::size_t>(length);
    }
    return std::string_view::npos;
}

} // namespace iotman::files
