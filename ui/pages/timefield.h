// A point in time as people enter it: date and time in a zone, or Unix seconds.
#pragma once

#include "core/model/timestamp.h"

#include <QTimeZone>
#include <QWidget>

#include <optional>

class QCheckBox;
class QDateTimeEdit;
class QLineEdit;
class QStackedWidget;

namespace iotman::ui {

enum class TimeForm { Calendar, Unix };

/// A check box that says whether the time counts, and the time. What was set keeps its microseconds until it is edited.
class TimeField : public QWidget {
    Q_OBJECT

public:
    /// `name`: “From”.
    TimeField(const QString& name, Timestamp initial, QWidget* parent = nullptr);

    void setZone(const QTimeZone& zone);
    void setForm(TimeForm form);
    void setTime(std::optional<Timestamp> time);

    /// So that fields below each other begin at the same place.
    int labelWidth() const;
    void setLabelWidth(int width);

    /// Nothing while it does not count.
    std::optional<Timestamp> time() const;
    /// What is wrong with the Unix number as typed; empty when it is fine or does not count.
    QString error() const;

Q_SIGNALS:
    void changed();

private:
    void show();
    void unixEdited(const QString& text);
    void calendarEdited();

    Timestamp time_;
    QString error_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    QCheckBox* counts_;
    QStackedWidget* forms_;
    QDateTimeEdit* calendar_;
    QLineEdit* unix_;
};

} // namespace iotman::ui
