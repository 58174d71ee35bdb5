#include "ui/pages/outputresult.h"

#include "core/client/text.h"
#include "core/model/clock.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/rules/previewview.h"

#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace iotman::ui {

OutputResult::OutputResult(const Clock& clock, QWidget* parent)
    : QWidget(parent)
    , clock_(clock)
    , counts_(new QLabel(this))
    , stale_(new MessageLine(this))
    , model_(new PreviewModel(
          [this](const RecentDatapoint& datapoint) {
              const ReadingContext context{clock_.now(), zone_, locale()};
              return tr("%1 \u00b7 source %2").arg(momentWord(datapoint.time, context), QString::fromStdString(datapoint.source));
          },
          this))
    , view_(new PreviewView(this))
    , empty_(new EmptyPage(QStringLiteral("sources"), tr("No datapoint yet"), {}, this))
    , stack_(new QStackedWidget(this))
    , propose_(new QPushButton(tr("New output from this datapoint"), this))
{
    auto* title = new QLabel(tr("Result"), this);
    title->setFont(headFont());
    counts_->setForegroundRole(QPalette::PlaceholderText);
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch();
    head->addWidget(counts_);
    view_->setModel(model_);
    stack_->addWidget(view_);
    stack_->addWidget(empty_);
    stale_->hide();
    auto* foot = new QHBoxLayout;
    foot->addStretch();
    foot->addWidget(propose_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::smallSpace, 0, 0, 0);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(head);
    column->addWidget(stale_);
    column->addWidget(stack_, 1);
    column->addLayout(foot);

    connect(&runner_, &PreviewRunner::done, this, &OutputResult::show);
    connect(propose_, &QPushButton::clicked, this, [this] {
        if (datapoints_ && !datapoints_->empty()) {
            const QModelIndex chosen = view_->currentIndex();
            Q_EMIT newOutputWanted(chosen.isValid() ? model_->row(chosen.row()).datapoint.payload : datapoints_->front().payload);
        }
    });
    updateWords();
}

void OutputResult::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    view_->viewport()->update();
}

void OutputResult::setRule(const QString& filter, const QString& rule, const std::optional<Timestamp>& typedAt)
{
    if (typedAt) {
        stale_->setMessage(
            MessageLine::Kind::Info,
            tr("Items of the last rule that parsed, typed at %1.").arg(momentWord(typedAt, {clock_.now(), zone_, locale()})));
        stale_->show();
        return;
    }
    stale_->hide();
    rule_ = {filter.trimmed().toStdString(), rule.toStdString()};
    run();
}

void OutputResult::clear()
{
    runner_.cancel();
    rule_.reset();
    stale_->hide();
    model_->setRows({});
    updateWords();
}

void OutputResult::setDatapoints(const PreviewRunner::Datapoints& datapoints)
{
    datapoints_ = datapoints;
    trouble_.clear();
    run();
}

void OutputResult::setTrouble(const QString& reason)
{
    trouble_ = reason;
    datapoints_.reset();
    model_->setRows({});
    runner_.cancel();
    updateWords();
}

void OutputResult::run()
{
    if (rule_ && datapoints_ && !datapoints_->empty())
        runner_.run(rule_->first, rule_->second, datapoints_);
    else
        model_->setRows({});
    updateWords();
}

void OutputResult::show(const Preview& preview)
{
    model_->setRows(preview.rows);
    const auto number = [&](int count) { return locale().toString(count); };
    QString text = preview.complete ? tr("newest %1: ", "number of datapoints").arg(number(preview.total()))
                                    : tr("newest %1 (it takes long): ", "number of datapoints").arg(number(preview.total()));
    text += tr("%Ln items", nullptr, preview.items);
    if (preview.filtered > 0)
        text += QStringLiteral(", ") + tr("%1 filtered out").arg(number(preview.filtered));
    if (preview.failed > 0)
        text += QStringLiteral(", ") + tr("%1 failed").arg(number(preview.failed));
    counts_->setText(text);
}

/// What stands there while there is no row.
void OutputResult::updateWords()
{
    const bool none = !datapoints_ || datapoints_->empty();
    if (none) {
        counts_->clear();
        empty_->setTexts(trouble_.isEmpty() ? tr("No datapoint yet") : tr("No datapoints to be seen"),
                         trouble_.isEmpty()
                             ? tr("What the chosen sources bring in stands here, with the item that each datapoint becomes.")
                             : trouble_);
    }
    stack_->setCurrentWidget(none ? static_cast<QWidget*>(empty_) : view_);
    setAllowed(propose_, !none, tr("There is no datapoint yet."));
}

} // namespace iotman::ui
