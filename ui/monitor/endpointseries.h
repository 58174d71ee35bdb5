// The items of one endpoint as series of a chart.
#pragma once

#include "core/rules/transform.h"
#include "core/series/derivation.h"
#include "core/series/seriesset.h"
#include "ui/monitor/endpointshape.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// One field, of the items that have one text in the field that lines are split by.
struct EndpointLine {
    std::size_t field = 0; ///< as ItemFields numbers them; from EndpointSeries::firstDerived on, those of the reading rule
    std::size_t group = 0; ///< as EndpointSeries::groups() numbers them
    std::optional<SeriesId> series; ///< nothing while all its values were null, or where there are too many states
    std::optional<Timestamp> lastTime;
    std::string lastText; ///< the newest value as it was written
};

/// What could not be drawn, for people to know.
struct ItemFaults {
    std::size_t unreadable = 0; ///< items that are not JSON
    std::size_t timeless = 0;   ///< items without the time that their values are drawn at
    std::size_t unusable = 0;   ///< values that are no number a chart can hold: 1e400, a text among numbers
    std::string firstUnusable;  ///< `field: value`
    std::size_t late = 0;       ///< items of the stream with a time before one that was there: drawn, sorted in

    bool isEmpty() const { return unreadable == 0 && timeless == 0 && unusable == 0; }
};

/// Puts the values of items into a SeriesSet, one series for each field and group; texts are states. All fields are kept, shown
/// or not, so that one that is ticked later has its history. A null breaks its line, as does a value that is unusable; a field
/// that an item lacks does not. GUI thread, or whichever owns the set.
class EndpointSeries {
public:
    static constexpr std::size_t mostGroups = 32;  ///< items of further texts are in the last one
    static constexpr std::size_t mostStates = 200; ///< different texts of a field that has a lane; of more none is kept

    static constexpr std::size_t firstDerived = 1'000'000;

    /// `set` must outlive this. Its series are taken out of it at the end.
    EndpointSeries(SeriesSet& set, ReadingRule rule);
    ~EndpointSeries();
    EndpointSeries(const EndpointSeries&) = delete;
    EndpointSeries& operator=(const EndpointSeries&) = delete;

    /// `told`: the item's time as the server tells it. `arrival`: now, for an item that came just now; nothing for history.
    void add(std::string_view item, std::optional<Timestamp> told, std::optional<Timestamp> arrival);
    /// Brings derived fields in step, after items were added or forgotten.
    void derive();
    /// Something may be missing before what comes next: no line leads over it.
    void breakAt(Timestamp time);
    /// Forgets what is before `time`, to read it again.
    void clearBefore(Timestamp time) { clearRange({{-farthestTime}, time}); }
    /// Forgets a range, to read it again.
    void clearRange(TimeRange range);

    const ReadingRule& rule() const { return rule_; }
    const ItemFields& fields() const { return fields_; }
    const std::string& path(const EndpointLine& line) const;
    bool isDerived(const EndpointLine& line) const { return line.field >= firstDerived; }
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
    void plotState(EndpointLine& line, Timestamp time, const FieldValue& value);
    SeriesId seriesOf(EndpointLine& line, SeriesKind kind);
    struct ByRule {
        std::size_t field;
        rules::Transform transform;
    };
    struct BySeries {
        std::size_t field;
        Derivation derivation;
        std::optional<std::size_t> line; ///< place in lines_
    };

    void addByRules(std::string_view item, std::size_t group, Timestamp time);
    void bringInStep(BySeries& derived);
    const EndpointLine* lineCalled(const std::string& path, const std::string& group) const;
    void countUnusable(std::size_t field, const FieldValue& value);

    SeriesSet& set_;
    ReadingRule rule_;
    ItemFields fields_;
    std::optional<std::size_t> timeField_, splitField_; ///< once an item has them
    std::vector<std::string> groups_;
    std::map<std::string, std::size_t, std::less<>> groupOf_;
    std::vector<EndpointLine> lines_;
    std::vector<std::vector<std::size_t>> lineAt_; ///< by group and field: place in lines_ + 1; 0 for none
    struct States {
        std::map<std::string, std::size_t, std::less<>> codeOf;
        bool areTooMany = false;
    };
    std::map<std::size_t, States> states_; ///< by place in lines_
    std::vector<ByRule> byRule_;
    std::vector<BySeries> bySeries_;
    rules::Payload payload_; ///< of the item, for rules
    std::string result_;     ///< of a rule
    std::size_t items_ = 0;
    std::optional<Timestamp> newest_; ///< time of an item
    ItemFaults faults_;
};

} // namespace iotman
