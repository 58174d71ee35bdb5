// The items of one endpoint as series of a chart.
#pragma once

#include "core/series/seriesset.h"
#include "ui/monitor/endpointshape.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// One field, of the items that have one text in the field that lines are split by.
struct EndpointLine {
    std::size_t field = 0;          ///< as ItemFields numbers them
    std::size_t group = 0;          ///< as EndpointSeries::groups() numbers them
    std::optional<SeriesId> series; ///< nothing for a state, which has no line
    std::optional<Timestamp> lastTime;
    std::string lastText; ///< the newest value as it was written
};

/// What could not be drawn, for people to know.
struct ItemFaults {
    std::size_t unreadable = 0; ///< items that are not JSON
    std::size_t timeless = 0;   ///< items without the time that their values are drawn at
    std::size_t unusable = 0;   ///< values that are no number a chart can hold: 1e400, a text among numbers
    std::string firstUnusable;  ///< `field: value`

    bool isEmpty() const { return unreadable == 0 && timeless == 0 && unusable == 0; }
};

/// Puts the values of items into a SeriesSet, one series for each number or boolean field and group. All fields are kept, shown
/// or not, so that one that is ticked later has its history. A null breaks its line, as does a value that is unusable; a field
/// that an item lacks does not. GUI thread, or whichever owns the set.
class EndpointSeries {
public:
    static constexpr std::size_t mostGroups = 32; ///< items of further texts are in the last one

    /// `set` must outlive this. Its series are taken out of it at the end.
    EndpointSeries(SeriesSet& set, ReadingRule rule);
    ~EndpointSeries();
    EndpointSeries(const EndpointSeries&) = delete;
    EndpointSeries& operator=(const EndpointSeries&) = delete;

    /// `told`: the item's time as the server tells it. `arrival`: now, for an item that came just now; nothing for history.
    void add(std::string_view item, std::optional<Timestamp> told, std::optional<Timestamp> arrival);
    /// Something may be missing before what comes next: no line leads over it.
    void breakAt(Timestamp time);
    /// Forgets what is before `time`, to read it again.
    void clearBefore(Timestamp time);

    const ReadingRule& rule() const { return rule_; }
    const ItemFields& fields() const { return fields_; }
    /// The texts of the field that lines are split by, as they came; one empty text where nothing is split.
    const std::vector<std::string>& groups() const { return groups_; }
    /// In the order they came; they stay where they are.
    const std::vector<EndpointLine>& lines() const { return lines_; }
    std::size_t items() const { return items_; }
    const ItemFaults& faults() const { return faults_; }
    /// Of all values.
    std::optional<TimeRange> range() const;

private:
    std::optional<Timestamp> timeOf(std::optional<Timestamp> told, std::optional<Timestamp> arrival) const;
    std::optional<std::size_t> fieldCalled(const std::string& path, std::optional<std::size_t>& known);
    std::size_t groupOfItem();
    EndpointLine& line(std::size_t field, std::size_t group);
    void addValue(std::size_t field, std::size_t group, Timestamp time, const FieldValue& value);
    void plot(EndpointLine& line, Timestamp time, const FieldValue& value);
    void countUnusable(std::size_t field, const FieldValue& value);

    SeriesSet& set_;
    ReadingRule rule_;
    ItemFields fields_;
    std::optional<std::size_t> timeField_, splitField_; ///< once an item has them
    std::vector<std::string> groups_;
    std::map<std::string, std::size_t, std::less<>> groupOf_;
    std::vector<EndpointLine> lines_;
    std::vector<std::vector<std::size_t>> lineAt_; ///< by group and field: place in lines_ + 1; 0 for none
    std::size_t items_ = 0;
    ItemFaults faults_;
};

} // namespace iotman
