#include "core/server/preconditions.h"

#include "core/model/ascii.h"
#include "core/model/digest.h"
#include "core/model/encoding.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr char versionEnd = '.'; // base64url has none

} // namespace

std::string tagOfAnswer(const std::string& version, std::string_view bytes)
{
    constexpr std::size_t enough = 6; // bytes of the digest
    return version.substr(0, version.size() - 1) + versionEnd + base64Url(sha256(bytes).substr(0, enough)) + "\"";
}

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

bool EntityTags::holdVersion(const std::string& version) const
{
    const std::string open = version.substr(0, version.size() - 1) + versionEnd;
    const auto isOfVersion = [&](const std::string& each) { return each.starts_with(open) && each.ends_with('"'); };
    return holdStrongly(version) || std::any_of(tags_.begin(), tags_.end(), isOfVersion);
}

bool EntityTags::holdVersionWeakly(const std::string& version) const
{
    const std::string weak = "W/" + version;
    return holdVersion(version) || holdVersion(weak);
}

bool EntityTags::holdWeakly(const std::string& tag) const
{
    return holdStrongly(tag) || holdStrongly("W/" + tag);
}

} // namespace iotman::server
