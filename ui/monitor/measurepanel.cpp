#include "ui/monitor/measurepanel.h"

#include "ui/chart/chartcolors.h"
#include "ui/chart/chartmarks.h"
#include "ui/chart/zonetext.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/look/tabledelegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace iotman {

namespace {

constexpr int measureMs = 100;
constexpr int sampleRoom = 30;
constexpr int measuredNameWidth = 150, measuredUnitWidth = 52, measuredValueWidth = 84, leastMeasuredWidth = 64;
constexpr int mostRowsInSight = 6;

/// A series' name with a piece of its line.
class SeriesCell : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        const QString name = cell.text;
        cell.text.clear();
        cell.widget->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
        const QRect line(cell.rect.left() + metrics::smallSpace, cell.rect.top(), 24, cell.rect.height());
        const int color = index.data(FieldsModel::ColorRole).toInt();
        painter->save();
        drawSeriesSample(*painter, QStyle::visualRect(cell.direction, cell.rect, line), color, color >= 8,
                         ChartColors::of(cell.palette).seriesColor(color), cell.palette.color(QPalette::Base));
        painter->restore();
        const QRect text = cell.rect.adjusted(metrics::smallSpace + sampleRoom, 0, -metrics::tinySpace, 0);
        painter->setPen(cell.palette.color(QPalette::Text));
        painter->drawText(QStyle::visualRect(cell.direction, cell.rect, text), Qt::AlignLeft | Qt::AlignVCenter,
                          cell.fontMetrics.elidedText(name, Qt::ElideMiddle, text.width()));
    }
};

} // namespace

MeasurePanel::MeasurePanel(std::shared_ptr<const SeriesSet> set, ChartLink& link, QWidget* parent)
    : QWidget(parent)
    , link_(link)
    , model_(new MeasureModel(std::move(set), this))
    , when_(new QLabel(this))
    , table_(new QTableView(this))
{
    auto* title = new QLabel(tr("Between A and B"), this);
    title->setFont(headFont());
    when_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(metrics::smallSpace, metrics::tinySpace, metrics::smallSpace, metrics::tinySpace);
    head->addWidget(title);
    head->addSpacing(metrics::smallSpace);
    head->addWidget(when_);
    head->addStretch();
    QToolButton* copy = addButton(QStringLiteral("copy"), tr("Copy"));
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(copy, &QToolButton::clicked, this, &MeasurePanel::copy);
    head->addWidget(copy);
    QToolButton* close = addButton(QStringLiteral("close"), tr("Hide the cursors"));
    connect(close, &QToolButton::clicked, this, [this] { link_.showCursors(false); });
    head->addWidget(close);

    TableDelegate* cells = prepareTable(table_, RowSize::Dense);
    for (int column = MeasureModel::AColumn; column < MeasureModel::columns; ++column)
        cells->setCellKind(column, CellKind::Number);
    table_->setModel(model_);
    table_->setItemDelegateForColumn(MeasureModel::SeriesColumn, new SeriesCell(table_));
    table_->setAccessibleName(tr("Statistics between the cursors"));
    QHeaderView* header = table_->horizontalHeader();
    header->setStretchLastSection(false);

    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 1, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(head);
    whole->addWidget(table_);
    due_.setSingleShot(true);
    due_.callOnTimeout(this, &MeasurePanel::measure);
    connect(&link_, &ChartLink::cursorsChanged, this, &MeasurePanel::cursorsChanged);
    setVisible(false);
}

QToolButton* MeasurePanel::addButton(const QString& iconName, const QString& text)
{
    auto* button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    return button;
}

void MeasurePanel::setLines(const std::vector<TickedLine>& lines)
{
    model_->setLines(lines);
    sizeColumns();
    measure();
}

/// Names have what values leave, and at least what tells them apart; a column of units is there when there are units.
void MeasurePanel::sizeColumns()
{
    bool hasUnits = false;
    for (int row = 0; row < model_->rowCount(); ++row)
        hasUnits = hasUnits || !model_->index(row, MeasureModel::UnitColumn).data().toString().isEmpty();
    table_->setColumnHidden(MeasureModel::UnitColumn, !hasUnits);
    constexpr int values = MeasureModel::columns - MeasureModel::AColumn;
    const int rows = std::clamp(model_->rowCount(), 1, mostRowsInSight);
    const int bar = model_->rowCount() > rows ? table_->verticalScrollBar()->sizeHint().width() : 0;
    const int room = table_->contentsRect().width() - bar - (hasUnits ? measuredUnitWidth : 0);
    const int value = std::clamp((room - measuredNameWidth) / values, leastMeasuredWidth, measuredValueWidth);
    QHeaderView* header = table_->horizontalHeader();
    header->resizeSection(MeasureModel::SeriesColumn, std::max(room - values * value, measuredNameWidth));
    header->resizeSection(MeasureModel::UnitColumn, measuredUnitWidth);
    for (int column = MeasureModel::AColumn; column < MeasureModel::columns; ++column)
        header->resizeSection(column, value);
    const bool scrolls = room < measuredNameWidth + values * value;
    table_->setFixedHeight(header->sizeHint().height() + rows * table_->verticalHeader()->defaultSectionSize() + 2 +
                           (scrolls ? table_->horizontalScrollBar()->sizeHint().height() : 0));
}

void MeasurePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    sizeColumns();
}

void MeasurePanel::setTimeZone(const QTimeZone& zone)
{
    zone_ = zone;
    measure();
}

void MeasurePanel::dataChanged()
{
    if (isVisible() && !due_.isActive())
        due_.start(measureMs);
}

void MeasurePanel::cursorsChanged()
{
    const bool isShown = link_.cursors().has_value();
    if (isShown && isHidden())
        measure();
    else if (isShown && !due_.isActive())
        due_.start(measureMs);
    setVisible(isShown);
}

void MeasurePanel::measure()
{
    if (!link_.cursors())
        return;
    model_->measure(*link_.cursors());
    const TimeRange between = link_.cursors()->between();
    when_->setText(tr("%1 to %2 \u00B7 %3")
                       .arg(momentText(between.from, zone_, locale()), momentText({between.to.us - 1}, zone_, locale()),
                            durationText(between.span() - 1)));
}

void MeasurePanel::copy()
{
    QApplication::clipboard()->setText(when_->text() + u'\n' + model_->asText());
}

void MeasurePanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    painter.fillRect(QRect(0, 0, width(), 1), extras(this).line);
}

} // namespace iotman
