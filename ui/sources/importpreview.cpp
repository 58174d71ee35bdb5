#include "ui/sources/importpreview.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableWidget>
#include <QVBoxLayout>

#include <array>
#include <map>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr std::array cellTypes{files::CellType::Auto, files::CellType::Text, files::CellType::Number, files::CellType::Boolean};
constexpr int ownColumns = 2;     ///< line and time, before those of the file
constexpr int widestColumn = 240; ///< when columns are fitted to what they hold

/// The members of an object as they stand there: no digit of a number is lost.
std::map<std::string, std::string> membersOf(const std::string& object)
{
    std::map<std::string, std::string> values;
    client::JsonScanner scanner(object);
    bool isObject = scanner.enterObject();
    while (const auto name = isObject ? scanner.member() : std::nullopt) {
        const auto value = scanner.value();
        if (!value)
            break;
        values[client::stringFrom('"' + std::string(*name) + '"').value_or(std::string(*name))] = *value;
    }
    return values;
}

} // namespace

ImportPreview::ImportPreview(QWidget* parent)
    : QWidget(parent)
    , table_(new QTableWidget(this))
    , note_(new QLabel(this))
{
    table_->setAccessibleName(tr("The first rows as they will be"));
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->verticalHeader()->setDefaultSectionSize(metrics::denseRowHeight);
    table_->verticalHeader()->hide();
    table_->setTabKeyNavigation(false);
    table_->horizontalHeader()->setToolTip(tr("Press a column's head to choose its type."));
    table_->horizontalHeader()->setSectionsClickable(true);
    note_->setFont(noteFont());
    note_->setForegroundRole(QPalette::PlaceholderText);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(table_, 1);
    rows->addWidget(note_);
    connect(table_->horizontalHeader(), &QHeaderView::sectionClicked, this, &ImportPreview::askType);
    clear();
}

void ImportPreview::clear()
{
    detected_ = {};
    table_->clear();
    table_->clearSpans();
    table_->setRowCount(0);
    table_->setColumnCount(0);
    note_->setText(tr("Choose a file, or drop one on the window: its first rows show here before anything is stored."));
}

void ImportPreview::showRows(const files::Detected& detected, const files::Preview& preview)
{
    clear();
    detected_ = detected;
    QStringList heads{tr("Line"), tr("Time (UTC)")};
    for (const files::Column& column : detected.columns)
        heads << QString(toQt(column.name) + QStringLiteral(" \u00b7 ") + toQt(files::displayName(column.type)));
    table_->setColumnCount(static_cast<int>(heads.size()));
    table_->setRowCount(static_cast<int>(preview.rows.size()));
    table_->setHorizontalHeaderLabels(heads);
    int refused = 0;
    for (int i = 0; i < table_->rowCount(); ++i) {
        const auto& row = preview.rows[static_cast<std::size_t>(i)];
        if (const auto* refusal = std::get_if<files::Refusal>(&row)) {
            ++refused;
            showRefusal(i, *refusal);
        } else {
            showRow(i, std::get<files::Row>(row));
        }
    }
    table_->resizeColumnsToContents();
    for (int column = 0; column < table_->columnCount(); ++column)
        table_->setColumnWidth(column, std::min(table_->columnWidth(column) + metrics::largeSpace, widestColumn));
    QString note = tr("%Ln rows shown as they will be.", nullptr, table_->rowCount());
    if (refused > 0)
        note += u' ' + tr("%Ln of them refused.", nullptr, refused);
    if (preview.oddHours.skipped + preview.oddHours.twice > 0)
        note += u' ' + tr("* An hour that the clocks skipped is moved forward, one that came twice is the earlier.");
    note_->setText(note);
}

void ImportPreview::showRow(int row, const files::Row& good)
{
    addCell(row, 0, QString::number(good.line));
    addCell(row, 1,
            (good.time ? toQt(good.time->iso()) : tr("arrival")) +
                (good.odd == files::OddHour::None ? QString() : QStringLiteral(" *")));
    const std::map<std::string, std::string> values = membersOf(good.payload);
    for (std::size_t column = 0; column < detected_.columns.size(); ++column) {
        const auto found = values.find(detected_.columns[column].name);
        if (found == values.end())
            continue;
        const std::string& text = found->second;
        const bool isNumber = text.front() == '-' || (text.front() >= '0' && text.front() <= '9');
        addCell(row, static_cast<int>(column) + ownColumns, toQt(client::stringFrom(text).value_or(text)), isNumber,
                text == "null");
    }
}

void ImportPreview::showRefusal(int row, const files::Refusal& refusal)
{
    addCell(row, 0, QString::number(refusal.line));
    addCell(row, 1, tr("Refused: %1").arg(toQt(refusal.reason)));
    table_->item(row, 1)->setForeground(extras(this).danger);
    table_->setSpan(row, 1, 1, table_->columnCount() - 1);
}

void ImportPreview::addCell(int row, int column, const QString& text, bool isNumber, bool isNull)
{
    auto* item = new QTableWidgetItem(text);
    item->setToolTip(text);
    if (isNumber)
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    if (isNull)
        item->setForeground(extras(this).dimText);
    table_->setItem(row, column, item);
}

void ImportPreview::askType(int column)
{
    const auto index = static_cast<std::size_t>(column - ownColumns);
    if (column < ownColumns || index >= detected_.columns.size() || detected_.options.format != files::Format::Csv)
        return;
    const files::Column chosen = detected_.columns[index];
    QMenu menu(this);
    for (const files::CellType type : cellTypes) {
        QAction* action = menu.addAction(toQt(files::displayName(type)));
        action->setCheckable(true);
        action->setChecked(type == chosen.type);
        connect(action, &QAction::triggered, this, [this, chosen, type] { Q_EMIT typeChosen(chosen.name, type); });
    }
    menu.exec(QCursor::pos());
}

} // namespace iotman::ui
