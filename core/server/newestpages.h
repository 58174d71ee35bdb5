// The newest pages of endpoints, as they were answered last: most readers ask for nothing else.
#pragma once

#include "core/server/response.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace iotman::server {

/// One thread's. Bounded; when it is full it starts anew.
class NewestPages {
public:
    /// The answer kept under `key`, if it was read at this revision of the output; null otherwise.
    const Response* find(const std::string& key, std::uint64_t revision) const
    {
        const auto found = pages_.find(key);
        return found != pages_.end() && found->second.revision == revision ? &found->second.response : nullptr;
    }

    /// `revision` was read before the page was: what is newer than it says so by another revision. The content is shared.
    void keep(const std::string& key, std::uint64_t revision, const Response& response)
    {
        if (response.content().size() > mostBytes)
            return;
        if (pages_.size() >= mostPages && !pages_.contains(key))
            pages_.clear();
        pages_.insert_or_assign(key, Kept{revision, response});
    }

private:
    static constexpr std::size_t mostPages = 64;
    static constexpr std::size_t mostBytes = 256 * 1024;

    struct Kept {
        std::uint64_t revision = 0;
        Response response;
    };
    std::unordered_map<std::string, Kept> pages_;
};

} // namespace iotman::server
