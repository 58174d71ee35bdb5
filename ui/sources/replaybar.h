// Where a replay is, and what takes it further.
#pragma once

#include "ui/pages/session.h"

#include <QTimeZone>
#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class NumberEdit;

/// Asks the server once a second while it is seen and follows a replay. GUI thread; nothing blocks.
class ReplayBar : public QWidget {
    Q_OBJECT

public:
    /// `session` must outlive it.
    explicit ReplayBar(Session& session, QWidget* parent = nullptr);

    /// Follows `source`, a replay; nothing: none.
    void follow(const std::optional<SourceView>& source);
    void setZone(const QTimeZone& zone) { zone_ = zone; }

    QLabel* state() const { return state_; }
    QPushButton* pauseButton() const { return pause_; }
    QPushButton* stepButton() const { return step_; }
    QSpinBox* stepCount() const { return count_; }
    NumberEdit* speedField() const { return speed_; }
    QCheckBox* loopBox() const { return loop_; }
    MessageLine* message() const { return message_; }

Q_SIGNALS:
    void changed(); ///< the source has other settings, or more datapoints

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void ask();
    void told(const Expected<client::Document>& document);
    void change(const char* member, const Json& value);
    void step();
    void failed(const QString& what, const Error& error);
    void updateControls();
    bool isPaused() const;

    Session& session_;
    std::optional<SourceView> source_;
    client::Call asking_;
    client::Call changing_;
    QTimer again_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();

    QLabel* state_;
    QPushButton* pause_;
    QPushButton* step_;
    QSpinBox* count_;
    NumberEdit* speed_;
    QCheckBox* loop_;
    MessageLine* message_;
};

} // namespace iotman::ui
