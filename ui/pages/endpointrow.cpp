#include "ui/pages/endpointrow.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"
#include "ui/look/badge.h"
#include "ui/look/tabledelegate.h"

#include <QCoreApplication>

namespace iotman::ui {

using client::toQt;

namespace {

struct EndpointRowWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::EndpointRow)
};

QString exactTime(const std::optional<Timestamp>& time)
{
    return time ? toQt(time->iso()) : QString();
}

QVariant sortTime(const std::optional<Timestamp>& time)
{
    return static_cast<qlonglong>(time ? time->us : Timestamp::min().us);
}

QString displayed(const EndpointRow& row, EndpointColumn column, const ReadingContext& context)
{
    const EndpointView& view = row.view;
    switch (column) {
    case EndpointColumn::Output:
        return view.endpoint.enabled
                   ? toQt(view.outputName.text)
                   : EndpointRowWords::tr("%1 · off", "an endpoint that is switched off").arg(toQt(view.outputName.text));
    case EndpointColumn::Url:
        return toQt(view.url);
    case EndpointColumn::Access:
        return accessWord(view.endpoint.requiredScope);
    case EndpointColumn::LastItem:
        return momentWord(view.lastItemAt, context);
    case EndpointColumn::Rate:
        return rateWord(row.rate, context.locale);
    case EndpointColumn::Streams:
        return context.locale.toString(static_cast<qlonglong>(view.streams));
    case EndpointColumn::Created:
        return dayWord(view.endpoint.made.at, context);
    case EndpointColumn::By:
        return toQt(view.endpoint.made.by);
    }
    return {};
}

QVariant sorted(const EndpointRow& row, EndpointColumn column, const ReadingContext& context)
{
    switch (column) {
    case EndpointColumn::LastItem:
        return sortTime(row.view.lastItemAt);
    case EndpointColumn::Rate:
        return row.rate.value_or(-1);
    case EndpointColumn::Streams:
        return static_cast<qlonglong>(row.view.streams);
    case EndpointColumn::Created:
        return sortTime(row.view.endpoint.made.at);
    case EndpointColumn::Output:
    case EndpointColumn::Url:
    case EndpointColumn::Access:
    case EndpointColumn::By:
        // Several endpoints may serve one output: their ids decide, so that no row changes its place by itself.
        return QString(displayed(row, column, context) + u'\n' + toQt(row.view.endpoint.id.text));
    }
    return {};
}

QString exact(const EndpointRow& row, EndpointColumn column, const ReadingContext& context)
{
    switch (column) {
    case EndpointColumn::Output:
        return toQt(row.view.outputName.text);
    case EndpointColumn::Access:
        return row.view.endpoint.requiredScope ? toQt(row.view.endpoint.requiredScope->text) : QString();
    case EndpointColumn::LastItem:
        return exactTime(row.view.lastItemAt);
    case EndpointColumn::Rate:
        return row.rate ? QString::number(*row.rate, 'g', 6) : QString();
    case EndpointColumn::Streams:
        return QString::number(row.view.streams);
    case EndpointColumn::Created:
        return exactTime(row.view.endpoint.made.at);
    case EndpointColumn::Url:
    case EndpointColumn::By:
        return displayed(row, column, context);
    }
    return {};
}

QVariant toolTip(const EndpointRow& row, EndpointColumn column, const ReadingContext& context)
{
    if (column == EndpointColumn::LastItem && row.view.lastItemAt)
        return momentText(*row.view.lastItemAt, context.zone, context.locale);
    if (column == EndpointColumn::Created)
        return momentText(row.view.endpoint.made.at, context.zone, context.locale);
    if (column == EndpointColumn::Rate && !row.rate)
        return EndpointRowWords::tr("Known after two answers of the server.");
    return {};
}

QVariant badge(const EndpointRow& row)
{
    const std::optional<ScopeName>& scope = row.view.endpoint.requiredScope;
    return QVariant::fromValue(BadgeSpec{scope ? BadgeKind::Scope : BadgeKind::Public, accessWord(scope)});
}

QVariant tone(const EndpointRow& row, EndpointColumn column)
{
    if (!row.view.endpoint.enabled || column == EndpointColumn::By)
        return QVariant::fromValue(Tone::Dim);
    return {};
}

} // namespace

bool EndpointRow::operator==(const EndpointRow& other) const
{
    const EndpointView& a = view;
    const EndpointView& b = other.view;
    return a.endpoint == b.endpoint && a.outputName == b.outputName && a.url == b.url && a.streamUrl == b.streamUrl &&
           a.eventsUrl == b.eventsUrl && a.lastItemAt == b.lastItemAt && a.streams == b.streams && a.lastReadAt == b.lastReadAt &&
           rate == other.rate;
}

std::vector<EndpointRow> endpointRows(const std::vector<EndpointView>& endpoints, const ItemRates& rates)
{
    std::vector<EndpointRow> rows;
    rows.reserve(endpoints.size());
    for (const EndpointView& view : endpoints)
        rows.push_back({view, rates.of(view.endpoint.output)});
    return rows;
}

QString headingOf(EndpointColumn column)
{
    switch (column) {
    case EndpointColumn::Output:
        return EndpointRowWords::tr("Output");
    case EndpointColumn::Url:
        return EndpointRowWords::tr("URL");
    case EndpointColumn::Access:
        return EndpointRowWords::tr("Access");
    case EndpointColumn::LastItem:
        return EndpointRowWords::tr("Last item");
    case EndpointColumn::Rate:
        return EndpointRowWords::tr("Items/s");
    case EndpointColumn::Streams:
        return EndpointRowWords::tr("Streams");
    case EndpointColumn::Created:
        return EndpointRowWords::tr("Created");
    case EndpointColumn::By:
        return EndpointRowWords::tr("By");
    }
    return {};
}

Qt::Alignment alignmentOf(EndpointColumn column)
{
    const bool trailing = column == EndpointColumn::LastItem || column == EndpointColumn::Rate ||
                          column == EndpointColumn::Streams || column == EndpointColumn::Created;
    return (trailing ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

QVariant cell(const EndpointRow& row, EndpointColumn column, int role, const ReadingContext& context)
{
    switch (role) {
    case Qt::DisplayRole:
        return displayed(row, column, context);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(column));
    case Qt::ToolTipRole:
        return toolTip(row, column, context);
    case BadgeRole:
        return column == EndpointColumn::Access ? badge(row) : QVariant();
    case ToneRole:
        return tone(row, column);
    case CopyRole:
        return column == EndpointColumn::Url ? toQt(row.view.url) : QVariant();
    case SortRole:
        return sorted(row, column, context);
    case ExactRole:
        return exact(row, column, context);
    default:
        return {};
    }
}

QString accessWord(const std::optional<ScopeName>& scope)
{
    return scope ? toQt(scope->text) : EndpointRowWords::tr("Public");
}

} // namespace iotman::ui
