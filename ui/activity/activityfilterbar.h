// What of the activity is shown, chosen in a row of fields.
#pragma once

#include "ui/activity/activitymodel.h"

#include <QWidget>

class QComboBox;

namespace iotman {
class FilterBox;
} // namespace iotman

namespace iotman::ui {

/// Sets a filter as its fields say. The choices of a field come with what is asked.
class ActivityFilterBar : public QWidget {
    Q_OBJECT

public:
    /// `filter` must outlive it.
    explicit ActivityFilterBar(ActivityFilter& filter, QWidget* parent = nullptr);

    /// Offers these endpoints and what stands in the newest entries.
    void offer(const std::set<std::string>& endpoints, const std::deque<ActivityEntry>& entries);

Q_SIGNALS:
    void filtered(); ///< the filter lets other entries through

private:
    QComboBox* chooser(const QString& all, const QString& name, void (ActivityFilter::*choose)(const QString&));
    QComboBox* statusChooser();

    ActivityFilter& filter_;
    QComboBox *method_, *endpoint_, *status_, *client_, *origin_;
    FilterBox* text_;
};

} // namespace iotman::ui
