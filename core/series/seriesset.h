// Several series that share one budget of memory.
#pragma once

#include "core/series/series.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace iotman {

/// How the values of a series are to be read.
enum class SeriesKind {
    Number,  ///< a line from value to value
    Boolean, ///< 0 and 1 for false and true; a value holds until the next one
    State,   ///< texts, by their places in SeriesInfo::states; a value holds until the next one
};

/// Which sample stands for a time between two.
constexpr Beside besideFor(SeriesKind kind)
{
    return kind == SeriesKind::Number ? Beside::Nearest : Beside::Earlier;
}

struct SeriesInfo {
    std::string name; ///< UTF-8, for people
    std::string unit; ///< UTF-8, may be empty
    SeriesKind kind = SeriesKind::Number;
    std::vector<std::string> states = {}; ///< UTF-8; the texts of SeriesKind::State

    bool operator==(const SeriesInfo&) const = default;
};

/// Names a series of one set, never used twice in it.
using SeriesId = int;

/// Series by id, in the order they were added. When their memory passes the budget, the oldest samples of all are dropped; what
/// is left of those takes an eighth of the budget at most, and becomes coarser and coarser.
/// One thread at a time.
class SeriesSet {
public:
    static constexpr std::size_t remnantShare = 8; ///< what is left of dropped samples takes one in so many bytes at most
    static constexpr std::size_t defaultBudget = 256 * 1024 * 1024;

    explicit SeriesSet(std::size_t budgetBytes = defaultBudget)
        : budget_(budgetBytes)
    {
    }

    SeriesId add(SeriesInfo info);
    void remove(SeriesId id);
    /// Ascending, which is the order they were added in.
    std::vector<SeriesId> ids() const;
    bool contains(SeriesId id) const
    {
        return id >= 0 && static_cast<std::size_t>(id) < members_.size() && members_[static_cast<std::size_t>(id)];
    }

    /// The id must be in the set, here and below.
    const SeriesInfo& info(SeriesId id) const { return member(id).info; }
    void setInfo(SeriesId id, SeriesInfo info);
    const Series& series(SeriesId id) const { return member(id).series; }

    void append(SeriesId id, Timestamp time, double value, std::string_view written = {});
    void breakAt(SeriesId id, Timestamp time);
    void clearRange(SeriesId id, TimeRange range);
    void clear(SeriesId id);
    void setGapFactor(SeriesId id, double factor);

    std::size_t bytes() const { return bytes_; }
    std::size_t budget() const { return budget_; }
    void setBudget(std::size_t bytes);
    /// Samples that were dropped to keep the budget, but for their summaries.
    std::size_t dropped() const { return dropped_; }

    /// Changes whenever anything in the set does.
    std::uint64_t revision() const { return revision_; }

private:
    struct Member {
        SeriesInfo info;
        Series series;
    };
    template <class Change>
    void change(SeriesId id, Change apply);
    void keepBudget();
    bool coarsenOne();
    std::size_t remnantBytes() const;

    const Member& member(SeriesId id) const { return *members_[static_cast<std::size_t>(id)]; }
    Member& member(SeriesId id) { return *members_[static_cast<std::size_t>(id)]; }

    std::unique_ptr<SpentChunks> spent_ = std::make_unique<SpentChunks>();
    std::vector<std::unique_ptr<Member>> members_; ///< by id; null once removed
    std::size_t budget_;
    std::size_t bytes_ = 0;
    std::size_t dropped_ = 0;
    std::uint64_t revision_ = 0;
};

/// Halves `range` until no part has more than `most` samples of all these series together, or no time to be halved. Parts
/// without samples are left out; the first part is last, for who takes one after the other from the back.
std::vector<TimeRange> partsOf(const SeriesSet& set, const std::vector<SeriesId>& series, TimeRange range, std::size_t most);

} // namespace iotman
