// The times a stream was lost, and how what came meanwhile was filled in. Values only.
#pragma once

#include "core/model/timestamp.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

struct LostLink {
    Timestamp lost;
    std::optional<Timestamp> back; ///< nothing while it is still lost
    std::string why;               ///< UTF-8, a sentence
    std::size_t filled = 0;        ///< items of that time that came after it
    bool mayMiss = false;          ///< the server cannot prove that nothing is missing

    bool operator==(const LostLink&) const = default;
};

class LinkLog {
public:
    static constexpr std::size_t most = 100; ///< older ones are forgotten

    void live(Timestamp now)
    {
        if (!links_.empty() && !links_.back().back)
            links_.back().back = now;
        if (!firstLive_)
            firstLive_ = now;
    }
    /// Does nothing while it is lost already, and before it was live for the first time.
    void lost(Timestamp now, std::string why)
    {
        if (!firstLive_ || (!links_.empty() && !links_.back().back))
            return;
        if (links_.size() == most)
            links_.erase(links_.begin());
        links_.push_back({now, std::nullopt, std::move(why), 0, false});
    }
    /// An item came over the stream. `time`: of its datapoint.
    void item(std::optional<Timestamp> time)
    {
        if (links_.empty() || !links_.back().back || !time)
            return;
        LostLink& link = links_.back();
        if (link.lost <= *time && *time < *link.back)
            ++link.filled;
    }
    void mayMiss()
    {
        if (!links_.empty())
            links_.back().mayMiss = true;
    }
    const std::vector<LostLink>& links() const { return links_; }
    /// When it was live for the first time.
    const std::optional<Timestamp>& firstLive() const { return firstLive_; }

private:
    std::vector<LostLink> links_;
    std::optional<Timestamp> firstLive_;
};

} // namespace iotman
