#include "ui/pages/auditpane.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/accessrows.h"
#include "ui/pages/listpane.h"
#include "ui/pages/pageactions.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

QTableView* differencesTable(RowsModel* model, QWidget* parent)
{
    auto* table = new QTableView(parent);
    TableDelegate* delegate = prepareTable(table, RowSize::Dense);
    table->setModel(model);
    table->setAccessibleName(AuditPane::tr("What the change did, member by member"));
    for (std::size_t column = 0; column < model->columns().size(); ++column) {
        delegate->setCellKind(static_cast<int>(column), model->columns()[column].kind);
        table->horizontalHeader()->resizeSection(static_cast<int>(column), model->columns()[column].width);
    }
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

std::vector<TableRow> differenceRows(const client::AuditEntry& entry)
{
    std::vector<TableRow> rows;
    for (const client::AuditDifference& difference : differences(entry)) {
        const auto value = [](const std::string& text) {
            return text.empty() ? Cell{QStringLiteral("\u2013"), {}, {}, {}, Tone::Dim} : Cell{toQt(text)};
        };
        rows.push_back({toQt(difference.member), {{toQt(difference.member)}, value(difference.before), value(difference.after)}});
    }
    return rows;
}

} // namespace

AuditPane::AuditPane(Session& session, QSettings& settings, QWidget* parent)
    : AccessPane(session, parent)
    , list_(new ListPane(auditColumns(),
                         {tr("Audit log"), tr("Filter entries"), QStringLiteral("activity"), tr("Nothing was changed yet"),
                          tr("Every change of the workspace stands here, with who made it."),
                          tr("No entry that was loaded has this text.")},
                         settings, QStringLiteral("access/audit"), this))
    , differences_(new RowsModel(
          {{tr("Member"), CellKind::Text, 150}, {tr("Before"), CellKind::Code, 380}, {tr("After"), CellKind::Code, 380}}, this))
    , details_(differencesTable(differences_, this))
    , detailsTitle_(new QLabel(this))
    , stack_(new QStackedWidget(this))
    , refused_(new EmptyPage(QStringLiteral("lock"), tr("The audit log is for admins"), {}, this))
    , splitter_(new QSplitter(Qt::Vertical, this))
{
    older_ = addPageAction(this, tr("Load &older"), QStringLiteral("down"), [this] { readOlder(); });
    addPageSeparator(this);
    list_->addCopyActions(this);
    list_->addActions(actions());
    list_->sortBy(0, Qt::DescendingOrder);

    detailsTitle_->setFont(headFont());
    detailsTitle_->setTextFormat(Qt::PlainText);
    auto* details = new QWidget(this);
    auto* detailRows = new QVBoxLayout(details);
    detailRows->setContentsMargins(0, metrics::tinySpace, 0, 0);
    detailRows->setSpacing(metrics::tinySpace);
    detailRows->addWidget(detailsTitle_);
    detailRows->addWidget(details_, 1);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(list_);
    splitter_->addWidget(details);
    splitter_->setStretchFactor(0, 3);
    splitter_->setStretchFactor(1, 2);
    stack_->addWidget(splitter_);
    stack_->addWidget(refused_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(stack_);
    connect(list_, &ListPane::chosenChanged, this, &AuditPane::showCurrent);
    connect(list_, &ListPane::copied, this, [this](const QString& sentence) { Q_EMIT said(sentence, false); });
    reload();
}

void AuditPane::reload()
{
    const Permit permit = session().permit(Action::ReadAudit);
    const std::optional<Role> role = session().role();
    const bool refused = role && !may(*role, Action::ReadAudit);
    refused_->setTexts(tr("The audit log is for admins"), permit.reason);
    stack_->setCurrentWidget(refused ? static_cast<QWidget*>(refused_) : splitter_);
    if (refused) {
        entries_.clear();
        next_.reset();
        loaded_ = false;
    }
    showRows();
    if (permit.allowed && isVisible() && !reading_.isActive())
        readNewest();
}

void AuditPane::readNewest()
{
    reading_ = session().management().audit(std::nullopt, this, [this](Expected<client::AuditPage> page) {
        if (!page)
            return failed(page.error());
        list_->message()->hide();
        // What is between the newest page and the entries that are there was never loaded: begin anew.
        const bool meets = std::any_of(page->entries.begin(), page->entries.end(), [this](const client::AuditEntry& entry) {
            return !entries_.empty() && entry == entries_.front();
        });
        if (!meets) {
            entries_.clear();
            next_ = page->nextPage;
        }
        take(std::move(*page));
    });
}

void AuditPane::readOlder()
{
    if (!next_)
        return;
    reading_.cancel();
    reading_ = session().management().audit(next_, this, [this](Expected<client::AuditPage> page) {
        if (!page)
            return failed(page.error());
        next_ = page->nextPage;
        take(std::move(*page));
    });
}

void AuditPane::take(client::AuditPage page)
{
    loaded_ = true;
    for (client::AuditEntry& entry : page.entries) {
        if (std::find(entries_.begin(), entries_.end(), entry) == entries_.end())
            entries_.push_back(std::move(entry));
    }
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const client::AuditEntry& a, const client::AuditEntry& b) { return a.at > b.at; });
    showRows();
}

void AuditPane::showRows()
{
    list_->setRows(auditRows(entries_, context()), loaded_);
    const Permit permit = session().permit(Action::ReadAudit);
    setAllowed(older_, permit.allowed && next_.has_value(), permit.allowed ? tr("There is nothing older.") : permit.reason);
    showCurrent();
}

void AuditPane::showCurrent()
{
    const QString id = list_->current();
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const client::AuditEntry& entry) { return auditId(entry) == id; });
    if (found == entries_.end()) {
        shown_.clear();
        detailsTitle_->setText(tr("Choose an entry to see what it changed."));
        differences_->setRows({});
        return;
    }
    detailsTitle_->setText(
        tr("%1, %2", "time, who").arg(momentText(found->at, context().zone, context().locale), toQt(found->who)));
    if (std::exchange(shown_, id) == id)
        return; // rows that are the same stay where they were scrolled to
    differences_->setRows({});
    differences_->setRows(differenceRows(*found));
}

void AuditPane::failed(const Error& error)
{
    list_->message()->setMessage(MessageLine::Kind::Error, errorText(error), tr("The audit log could not be read."));
    list_->message()->show();
}

} // namespace iotman::ui
