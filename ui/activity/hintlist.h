// What could go better for those who ask, each with its evidence and what it is made of.
#pragma once

#include "ui/activity/activityhints.h"

#include <QWidget>

class QLocale;
class QVBoxLayout;

namespace iotman::ui {

class HintList : public QWidget {
    Q_OBJECT

public:
    explicit HintList(QWidget* parent = nullptr);

    void setHints(std::vector<ActivityHint> hints);
    const std::vector<ActivityHint>& hints() const { return hints_; }

Q_SIGNALS:
    void chosen(const iotman::ui::ActivityHint& hint); ///< its entries are to be shown

private:
    QWidget* rowOf(const ActivityHint& hint);

    std::vector<ActivityHint> hints_;
    QVBoxLayout* rows_;
};

/// How a hint reads: what, and the evidence.
QString hintTitle(const ActivityHint& hint);
QString hintText(const ActivityHint& hint, const QLocale& locale);

} // namespace iotman::ui
