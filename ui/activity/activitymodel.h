// What was asked, as rows of a table; bounded, the oldest goes first.
#pragma once

#include "core/model/clock.h"
#include "ui/activity/activityentry.h"
#include "ui/pages/words.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <deque>
#include <set>

namespace iotman::ui {

enum class ActivityColumn { Time, Method, Path, Status, Duration, Bytes, Origin, Client, Why };
inline constexpr int activityColumns = 9;

/// Newest first.
class ActivityModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr std::size_t mostEntries = 100'000;

    explicit ActivityModel(const Clock& clock, QObject* parent = nullptr);

    /// New entries, ones that were missing, and ones that have changed since (streams). In any order.
    void merge(std::vector<ActivityEntry> entries);
    /// Whether these are of another run of the server than what is kept: numbers begin anew with each.
    bool contradicts(const std::vector<ActivityEntry>& entries) const;
    void clear();
    void beginAnew(); ///< forgets entries and numbers
    const ActivityEntry& at(int row) const { return entries_[static_cast<std::size_t>(row)]; }
    const std::deque<ActivityEntry>& entries() const { return entries_; }
    /// The entry with this number; null where it is not kept.
    const ActivityEntry* find(std::uint64_t number) const;
    std::uint64_t newest() const { return entries_.empty() ? cleared_ : entries_.front().number; }
    /// How many of them this program asked by itself.
    int housekeeping() const { return housekeeping_; }
    /// An open stream has sent `bytes` by now.
    void setSent(std::uint64_t number, std::int64_t bytes);
    void setZone(const QTimeZone& zone);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<ActivityEntry>::const_iterator placeOf(std::uint64_t number) const;
    void mergeOlder(ActivityEntry entry);
    void forget(std::size_t most);
    QString text(const ActivityEntry& entry, ActivityColumn column) const;
    QString exact(const ActivityEntry& entry, ActivityColumn column) const;

    const Clock& clock_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    std::deque<ActivityEntry> entries_;
    int housekeeping_ = 0;
    std::uint64_t cleared_ = 0; ///< entries up to here are not wanted any more
};

/// How long something took: `0.4 ms`, `1,204 ms`, from ten seconds on `1:05`.
QString durationWord(Timestamp span, const QLocale& locale);

enum class StatusFilter { All, Good, Refused, Faults, OpenStreams };

/// Which of them are shown.
class ActivityFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit ActivityFilter(ActivityModel* model);

    void setText(const QString& text);
    void setStatus(StatusFilter status);
    void setEndpoint(const QString& id); ///< empty: all
    void setOrigin(const QString& origin);
    void setMethod(const QString& method); ///< as the table shows it: WS and SSE are streams
    void setClient(const QString& client); ///< as the table shows it
    /// Whether what this program asks by itself is shown, too; at first it is not.
    void setHousekeeping(bool shown);
    /// Nothing is left out but that.
    bool isPlain() const;
    /// How many there would be if nothing but that were left out.
    int plainCount() const;
    /// Only these numbers; nothing: all.
    void setOnly(std::optional<std::set<std::uint64_t>> numbers);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    ActivityModel* model_;
    std::string text_;
    StatusFilter status_ = StatusFilter::All;
    std::string endpoint_;
    std::string origin_;
    std::string method_;
    std::string client_;
    bool housekeeping_ = false;
    std::optional<std::set<std::uint64_t>> only_;
};

} // namespace iotman::ui
