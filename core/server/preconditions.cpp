#include "core/server/preconditions.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::server {

EntityTags::EntityTags(const RequestHead& head, std::string_view name)
{
    for (const Header& header : head.headers) {
        if (header.name != name)
            continue;
        given_ = true;
        // Our tags hold no comma: one of another server's falls into parts that are none of ours.
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::string_view tag = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), tag.size() + 1));
            tags_.emplace_back(trimmed(tag));
        }
    }
}

bool EntityTags::holdStrongly(const std::string& tag) const
{
    return std::any_of(tags_.begin(), tags_.end(), [&](const std::string& each) { return each == "*" || each == tag; });
}

bool EntityTags::holdWeakly(const std::string& tag) const
{
    return holdStrongly(tag) || holdStrongly("W/" + tag);
}

} // namespace iotman::server
