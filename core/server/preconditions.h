// Entity tags that a request names (RFC 9110 §13.1).
#pragma once

#include "core/server/requesthead.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// What is stored has a version, which a change is for; the answer that tells of it also counts what is not stored with it. So its tag
/// is the version with the answer's bytes: `"VERSION.BYTES"`.
std::string tagOfAnswer(const std::string& version, std::string_view bytes);

/// The tags of a precondition, as written: `"a"`, `W/"a"` or `*`. A value, so that it can be asked on another thread.
class EntityTags {
public:
    /// All lines of the header of that (lower case) name.
    EntityTags(const RequestHead& head, std::string_view name);

    bool given() const { return given_; }
    /// If-Match compares strongly: a weak tag is no tag that was given out. One of the same version holds, whatever was counted since.
    bool holdVersion(const std::string& version) const;
    /// If-None-Match compares weakly; the same for a version.
    bool holdVersionWeakly(const std::string& version) const;
    bool holdWeakly(const std::string& tag) const;
    bool holdStrongly(const std::string& tag) const;

private:
    bool given_ = false;
    std::vector<std::string> tags_;
};

} // namespace iotman::server
