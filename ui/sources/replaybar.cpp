#include "ui/sources/replaybar.h"

#include "core/client/text.h"
#include "core/model/clock.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"
#include "ui/sources/numberedit.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr std::chrono::seconds askEvery(1);
constexpr int mostStepped = 100'000;

QString stateSentence(const Json& state, const ReadingContext& context)
{
    ObjectReader reader(state, UnknownMembers::Ignored);
    const std::string is = reader.text("state");
    const std::optional<Timestamp> recorded = reader.time("recorded_at");
    const QString word = is == "playing"  ? ReplayBar::tr("Playing")
                         : is == "paused" ? ReplayBar::tr("Paused")
                         : is == "ended"  ? ReplayBar::tr("At its end")
                                          : ReplayBar::tr("Off: it is switched off, or its recording is gone");
    return recorded ? ReplayBar::tr("%1, at %2 of the recording")
                          .arg(word, wallClock(*recorded, context.zone).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))
                    : word;
}

} // namespace

ReplayBar::ReplayBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , state_(new QLabel(this))
    , pause_(new QPushButton(this))
    , step_(new QPushButton(tr("S&tep"), this))
    , count_(new QSpinBox(this))
    , speed_(new NumberEdit(tr("Speed"), this))
    , loop_(new QCheckBox(tr("&Begin again at its end"), this))
    , message_(new MessageLine(this))
{
    state_->setTextFormat(Qt::PlainText);
    state_->setAccessibleName(tr("Where the replay is"));
    state_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    count_->setRange(1, mostStepped);
    count_->setGroupSeparatorShown(true);
    count_->setAccessibleName(tr("Datapoints of a step"));
    auto* speedLabel = new QLabel(tr("Spee&d"), this);
    speedLabel->setBuddy(speed_);
    auto* controls = new QHBoxLayout;
    controls->setSpacing(metrics::smallSpace);
    controls->addWidget(state_, 1);
    for (QWidget* widget : {static_cast<QWidget*>(pause_), static_cast<QWidget*>(step_), static_cast<QWidget*>(count_),
                            static_cast<QWidget*>(speedLabel), static_cast<QWidget*>(speed_), static_cast<QWidget*>(loop_)})
        controls->addWidget(widget);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(message_);
    rows->addLayout(controls);
    message_->hide();
    again_.setSingleShot(true);
    again_.setInterval(askEvery);
    again_.callOnTimeout(this, &ReplayBar::ask);
    connect(pause_, &QPushButton::clicked, this, [this] { change("paused", !isPaused()); });
    connect(step_, &QPushButton::clicked, this, &ReplayBar::step);
    connect(speed_, &QLineEdit::editingFinished, this, [this] {
        if (speed_->isModified())
            change("speed", speed_->value());
    });
    connect(loop_, &QCheckBox::clicked, this, [this](bool on) { change("loop", on); });
}

bool ReplayBar::isPaused() const
{
    return source_ && source_->source.settings.value("paused", false);
}

void ReplayBar::follow(const std::optional<SourceView>& source)
{
    const bool another = !source || !source_ || source->source.name != source_->source.name;
    source_ = source;
    setVisible(source.has_value());
    if (another) {
        state_->clear();
        message_->hide();
        setFaulty(speed_, false);
        speed_->setModified(false);
    }
    if (source && !changing_.isActive()) {
        if (!speed_->isModified()) // what is being typed stays
            speed_->setNumber(source->source.settings.value("speed", 1.0));
        loop_->setChecked(source->source.settings.value("loop", false));
    }
    updateControls();
    if (another && source)
        ask();
}

void ReplayBar::updateControls()
{
    const Permit write = session_.permit(Action::WriteSources);
    pause_->setText(isPaused() ? tr("&Go on") : tr("&Pause"));
    for (QWidget* widget : {static_cast<QWidget*>(pause_), static_cast<QWidget*>(speed_), static_cast<QWidget*>(loop_)})
        setAllowed(widget, write.allowed, write.reason);
    for (QWidget* widget : {static_cast<QWidget*>(step_), static_cast<QWidget*>(count_)})
        setAllowed(widget, write && isPaused(), write ? tr("Pause it first.") : write.reason);
}

void ReplayBar::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
}

void ReplayBar::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    again_.stop();
    asking_.cancel();
}

void ReplayBar::ask()
{
    again_.stop();
    if (source_ && isVisible())
        asking_ = session_.management().request({"GET", "sources/" + source_->source.name.text + "/replay", {}, {}}, this,
                                                [this](Expected<client::Document> document) { told(document); });
}

void ReplayBar::told(const Expected<client::Document>& document)
{
    const Expected<Json> state = document ? parseJson(document->text) : Expected<Json>(fail(document.error()));
    state_->setText(state ? stateSentence(*state, {session_.clock().now(), zone_, locale()}) : errorText(state.error()));
    state_->setToolTip(state_->text());
    again_.start();
}

void ReplayBar::change(const char* member, const Json& value)
{
    if (!source_)
        return;
    message_->hide();
    SourcePatch patch;
    patch.settings = source_->source.settings;
    (*patch.settings)[member] = value;
    const bool isSpeed = member == std::string_view("speed");
    changing_ = session_.management().changeSource(
        source_->source.name, patch, {}, this, session_.noted<SourceView>([this, isSpeed](Expected<SourceView> made) {
            setFaulty(speed_, isSpeed && !made);
            speed_->setModified(isSpeed && !made);
            if (made) {
                follow(*made);
                ask();
                Q_EMIT changed();
                return;
            }
            if (isSpeed && made.error().pointer == "/settings/speed")
                return failed(tr("Not changed."),
                              {Problem::BadRequest, client::fromQt(tr("Expected a speed from 0.001 to 1,000,000."))});
            failed(tr("Not changed."), made.error());
            follow(source_); // as it is
        }));
}

void ReplayBar::step()
{
    if (!source_ || changing_.isActive()) // the button keeps the focus for the next step
        return;
    message_->hide();
    changing_ = session_.management().request(
        {"POST", "sources/" + source_->source.name.text + "/replay/step", jsonText({{"datapoints", count_->value()}}), {}}, this,
        [this](Expected<client::Document> document) {
            if (!document)
                return failed(tr("Not taken further."), document.error());
            told(document);
            Q_EMIT changed();
        });
}

void ReplayBar::failed(const QString& what, const Error& error)
{
    message_->setMessage(MessageLine::Kind::Error, errorText(error), what);
    message_->show();
}

} // namespace iotman::ui
