// The line below a chart: whether it is live, how fast, how late, how much memory, and from when on.
#pragma once

#include "ui/monitor/endpointfeed.h"

#include <QToolButton>

class QLabel;

namespace iotman {

/// What the strip says. Texts are for people, already translated.
struct StripState {
    FeedPhase phase = FeedPhase::Stopped;
    QString who; ///< the endpoint that `phase` is of, where several are read
    QString why; ///< of a phase that is not Live
    std::optional<int> retryInSeconds;
    double perSecond = 0;
    std::optional<std::int64_t> delayUs;
    std::size_t memory = 0, budget = 1; ///< bytes
    std::size_t dropped = 0;            ///< oldest values that made room for new ones
    QString gaps, gapsTip;              ///< how lost connections were filled; empty: there were none
    QString faults, faultsTip;          ///< what could not be drawn; empty: all was
    QString history;
};

class MemoryBar;

/// A word in a line that opens a menu.
class MenuWord : public QToolButton {
    Q_OBJECT

public:
    explicit MenuWord(QWidget* parent);

    /// `text` is also the accessible name.
    void setWord(const QString& text);

protected:
    void initStyleOption(QStyleOptionToolButton* option) const override;
};

/// Where there is no room for all, what matters least is left out, and told by the tooltip.
class StateStrip : public QWidget {
    Q_OBJECT

public:
    explicit StateStrip(QWidget* parent = nullptr);

    void show(const StripState& state);
    using QWidget::show;

    /// Hidden at first; the owner fills their menus.
    MenuWord* linesWord() const { return lines_; }
    MenuWord* timeWord() const { return time_; }

Q_SIGNALS:
    void retryRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QLabel* addLabel();
    void colorState();
    void leaveOut();

    std::vector<QWidget*> leftOut_; ///< for lack of room
    FeedPhase phase_ = FeedPhase::Stopped;
    QLabel* icon_;
    QLabel* state_;
    QLabel* why_;
    QToolButton* retry_;
    QLabel* rate_;
    QLabel* delay_;
    QLabel* memory_;
    MemoryBar* bar_;
    QLabel* bytes_;
    QLabel* dropped_;
    QLabel* gaps_;
    QLabel* faults_;
    MenuWord* lines_;
    MenuWord* time_;
    QLabel* history_;
};

} // namespace iotman
