#include "ui/monitor/statestrip.h"

#include "ui/chart/zonetext.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionToolButton>

#include <algorithm>

namespace iotman {

namespace {

QString phaseText(FeedPhase phase)
{
    switch (phase) {
    case FeedPhase::Stopped:
        return StateStrip::tr("Nothing is read");
    case FeedPhase::Connecting:
        return StateStrip::tr("Connecting");
    case FeedPhase::Live:
        return StateStrip::tr("Live");
    case FeedPhase::Waiting:
        return StateStrip::tr("Waiting to reconnect");
    case FeedPhase::Refused:
        return StateStrip::tr("Refused");
    case FeedPhase::SignInNeeded:
        return StateStrip::tr("Sign-in needed");
    }
    return {};
}

QColor Extras::*phaseColor(FeedPhase phase)
{
    switch (phase) {
    case FeedPhase::Live:
        return &Extras::success;
    case FeedPhase::Waiting:
        return &Extras::warning;
    case FeedPhase::Refused:
    case FeedPhase::SignInNeeded:
        return &Extras::danger;
    case FeedPhase::Stopped:
    case FeedPhase::Connecting:
        return &Extras::dimText;
    }
    return &Extras::dimText;
}

QString megabytes(std::size_t bytes)
{
    return QLocale().toString(static_cast<double>(bytes) / (1024 * 1024), 'f', bytes < 10 * 1024 * 1024 ? 1 : 0);
}

QString stateText(const StripState& state)
{
    const QString phase = phaseText(state.phase);
    return state.who.isEmpty() || state.phase == FeedPhase::Live ? phase : StateStrip::tr("%1: %2").arg(state.who, phase);
}

QString whyText(const StripState& state)
{
    if (state.retryInSeconds && *state.retryInSeconds > 0)
        return StateStrip::tr("in %1 s. %2").arg(QLocale().toString(*state.retryInSeconds), state.why);
    return state.why;
}

} // namespace

/// How much of the memory budget is used.
class MemoryBar : public QWidget {
public:
    explicit MemoryBar(QWidget* parent)
        : QWidget(parent)
    {
        setFixedSize(64, 6);
    }
    void setShare(double share)
    {
        share_ = std::clamp(share, 0.0, 1.0);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().mid());
        painter.drawRoundedRect(rect(), 3, 3);
        if (share_ <= 0)
            return;
        painter.setBrush(extras(this).accent);
        painter.drawRoundedRect(QRectF(0, 0, std::max(6.0, share_ * width()), height()), 3, 3);
    }

private:
    double share_ = 0;
};

MenuWord::MenuWord(QWidget* parent)
    : QToolButton(parent)
{
    setMenu(new QMenu(this));
    setPopupMode(QToolButton::InstantPopup);
    setAutoRaise(true);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    makeSmall(this);
    hide();
}

void MenuWord::setWord(const QString& text)
{
    setText(text + QStringLiteral(" \u25BE"));
    setAccessibleName(text);
}

/// The triangle is part of the text: the style's own would lie on its last letter.
void MenuWord::initStyleOption(QStyleOptionToolButton* option) const
{
    QToolButton::initStyleOption(option);
    option->features &= ~QStyleOptionToolButton::HasMenu;
}

StateStrip::StateStrip(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("State of the streams"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(metrics::smallSpace, 1, metrics::smallSpace, 0);
    line->setSpacing(metrics::mediumSpace);
    icon_ = addLabel();
    state_ = addLabel();
    state_->setFont(headFont());
    why_ = addLabel();
    retry_ = new QToolButton(this);
    retry_->setText(tr("Retry now"));
    retry_->setAutoRaise(true);
    makeSmall(retry_);
    line->addWidget(retry_);
    connect(retry_, &QToolButton::clicked, this, &StateStrip::retryRequested);
    rate_ = addLabel();
    delay_ = addLabel();
    memory_ = addLabel();
    memory_->setText(tr("memory"));
    bar_ = new MemoryBar(this);
    line->addWidget(bar_);
    bytes_ = addLabel();
    dropped_ = addLabel();
    gaps_ = addLabel();
    faults_ = addLabel();
    line->addStretch();
    lines_ = new MenuWord(this);
    line->addWidget(lines_);
    time_ = new MenuWord(this);
    line->addWidget(time_);
    history_ = addLabel();
    setMinimumHeight(metrics::barHeight);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    show(StripState{});
}

QLabel* StateStrip::addLabel()
{
    auto* label = new QLabel(this);
    label->setTextFormat(Qt::PlainText);
    layout()->addWidget(label);
    return label;
}

void StateStrip::show(const StripState& state)
{
    phase_ = state.phase;
    state_->setText(stateText(state));
    const auto showText = [](QLabel* label, const QString& text, const QString& tip = {}) {
        label->setText(text);
        label->setToolTip(tip);
        label->setVisible(!text.isEmpty());
    };
    const QString why = whyText(state);
    showText(why_, why_->fontMetrics().elidedText(why, Qt::ElideRight, 360), why);
    const bool isHalted =
        state.phase == FeedPhase::Waiting || state.phase == FeedPhase::Refused || state.phase == FeedPhase::SignInNeeded;
    retry_->setVisible(isHalted);
    const bool isRead = state.phase != FeedPhase::Stopped;
    const int decimals = state.perSecond > 0 && state.perSecond < 10 ? 1 : 0;
    showText(rate_, isRead ? tr("%1 msg/s").arg(QLocale().toString(state.perSecond, 'f', decimals)) : QString());
    showText(delay_, state.delayUs ? tr("delay %1").arg(durationText(*state.delayUs)) : QString(),
             tr("From the time of the newest item to its arrival here"));
    for (QWidget* part : {static_cast<QWidget*>(memory_), static_cast<QWidget*>(bar_), static_cast<QWidget*>(bytes_)})
        part->setVisible(isRead);
    bar_->setShare(static_cast<double>(state.memory) / static_cast<double>(state.budget));
    bytes_->setText(tr("%1 of %2 MB").arg(megabytes(state.memory), megabytes(state.budget)));
    bar_->setAccessibleName(bytes_->text());
    const QString dropped = QLocale().toString(static_cast<qulonglong>(state.dropped));
    showText(
        dropped_, isRead ? tr("dropped %1").arg(dropped) : QString(),
        state.dropped == 0
            ? tr("No value was dropped")
            : tr("The oldest values made room for new ones: the memory is used up. Their least and greatest stay in the chart."));
    showText(gaps_, state.gaps, state.gapsTip);
    showText(faults_, state.faults, state.faultsTip);
    showText(history_, state.history);
    leftOut_.clear();
    colorState();
    leaveOut();
}

/// What is shown is as wide as its texts; a text that is cut says something else.
void StateStrip::leaveOut()
{
    for (QWidget* part : leftOut_)
        part->show();
    leftOut_.clear();
    const auto neededWidth = [this] {
        int needed = 0;
        for (int i = 0; i < layout()->count(); ++i)
            if (const QWidget* part = layout()->itemAt(i)->widget(); part && !part->isHidden())
                needed += std::max(part->sizeHint().width(), part->minimumWidth()) + layout()->spacing();
        return needed + 2 * metrics::smallSpace;
    };
    QWidget* const byWorth[] = {history_, memory_, bar_, delay_, bytes_, lines_, time_, rate_, gaps_, why_};
    QStringList told;
    for (QWidget* part : byWorth) {
        if (neededWidth() <= width())
            break;
        if (part->isHidden())
            continue;
        part->hide();
        leftOut_.push_back(part);
        if (const auto* label = qobject_cast<QLabel*>(part); label && !label->text().isEmpty())
            told.append(label->text());
    }
    setToolTip(told.join(u'\n'));
}

void StateStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    leaveOut();
}

void StateStrip::colorState()
{
    const Extras& extra = extras(this);
    const auto color = [](QLabel* label, const QColor& text) {
        QPalette palette;
        palette.setColor(QPalette::WindowText, text);
        label->setPalette(palette);
    };
    color(state_, extra.*phaseColor(phase_));
    color(faults_, extra.warning);
    color(history_, extra.dimText);
    const QString name = phase_ == FeedPhase::Waiting || phase_ == FeedPhase::Refused || phase_ == FeedPhase::SignInNeeded
                             ? QStringLiteral("warning")
                             : QStringLiteral("stream");
    icon_->setPixmap(icon(name, phaseColor(phase_)).pixmap(QSize(metrics::iconSize, metrics::iconSize), devicePixelRatioF()));
}

void StateStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), extras(this).line);
}

void StateStrip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        colorState();
    QWidget::changeEvent(event);
}

} // namespace iotman
