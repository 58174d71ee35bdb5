#include "ui/activity/activitydetails.h"

#include "core/client/text.h"
#include "ui/activity/activitymodel.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

ActivityDetails::ActivityDetails(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent)
    , title_(new QLabel(this))
    , why_(new MessageLine(this))
    , exchange_(new QPlainTextEdit(this))
    , headers_(new QTreeWidget(this))
    , tabs_(new QTabWidget(this))
{
    title_->setFont(monospaceFont());
    title_->setTextFormat(Qt::PlainText);
    title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    exchange_->setReadOnly(true);
    exchange_->setFont(monospaceFont());
    exchange_->setTabChangesFocus(true);
    exchange_->setAccessibleName(tr("Exchange"));
    headers_->setColumnCount(2);
    headers_->setHeaderLabels({tr("Header"), tr("Value")});
    headers_->setRootIsDecorated(false);
    headers_->setAccessibleName(tr("Headers of the request"));
    headers_->header()->resizeSection(0, 200);
    auto* exchangeTab = new QWidget(this);
    auto* exchangeRows = new QVBoxLayout(exchangeTab);
    exchangeRows->setContentsMargins(metrics::smallSpace, metrics::smallSpace, metrics::smallSpace, metrics::smallSpace);
    exchangeRows->addWidget(why_);
    exchangeRows->addWidget(exchange_, 1);
    tabs_->addTab(exchangeTab, tr("Exchange"));
    tabs_->addTab(headers_, tr("Request headers"));
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title_, 1);
    for (QAction* action : actions) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        head->addWidget(button);
    }
    showEntry(nullptr);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(tabs_, 1);
}

void ActivityDetails::showEntry(const ActivityEntry* entry)
{
    setAllowed(tabs_, entry, tr("Choose a request first."));
    if (!entry) {
        title_->setText(tr("Choose a request first."));
        why_->hide();
        exchange_->clear();
        headers_->clear();
        return;
    }
    title_->setText(
        toQt((entry->status > 0 ? std::to_string(entry->status) + " " : std::string()) + entry->method + " " + entry->target()));
    why_->setVisible(!entry->reason.empty());
    if (!entry->reason.empty()) {
        const bool refused = entry->status >= 400;
        why_->setMessage(refused ? MessageLine::Kind::Error : MessageLine::Kind::Info, toQt(entry->reason),
                         refused ? tr("Refused.") : QString());
    }
    std::string text = entry->method + " " + entry->target() + "\n";
    for (const auto& [name, value] : entry->headers)
        text += name + ": " + value + "\n";
    text += "\n";
    if (entry->open)
        text += client::fromQt(tr("open"));
    else if (entry->status > 0)
        text += std::to_string(entry->status);
    if (entry->duration)
        text += ", " + client::fromQt(durationWord(*entry->duration, locale()));
    text += ", " + client::fromQt(sizeWord(entry->bytes, locale())) + "\n";
    if (const QString whole = toQt(text); exchange_->toPlainText() != whole) {
        exchange_->setPlainText(whole);
        headers_->clear();
        for (const auto& [name, value] : entry->headers)
            new QTreeWidgetItem(headers_, {toQt(name), toQt(value)});
        tabs_->setTabText(1, tr("Request headers (%1)").arg(entry->headers.size()));
    }
}

} // namespace iotman::ui
