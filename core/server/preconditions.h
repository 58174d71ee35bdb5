// Entity tags that a request names (RFC 9110 §13.1).
#pragma once

#include "core/server/requesthead.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// The tags of a precondition, as written: `"a"`, `W/"a"` or `*`. A value, so that it can be asked on another thread.
class EntityTags {
public:
    /// All lines of the header of that (lower case) name.
    EntityTags(const RequestHead& head, std::string_view name);

    bool given() const { return given_; }
    /// If-Match compares strongly: a weak tag is no tag that was given out.
    bool holdStrongly(const std::string& tag) const;
    /// If-None-Match compares weakly.
    bool holdWeakly(const std::string& tag) const;

private:
    bool given_ = false;
    std::vector<std::string> tags_;
};

} // namespace iotman::server
