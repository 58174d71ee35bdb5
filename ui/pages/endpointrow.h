// A row of the endpoints' table, as a value, and what its cells say.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/cellrole.h"
#include "ui/pages/itemrates.h"
#include "ui/pages/words.h"

#include <QVariant>

#include <optional>
#include <vector>

namespace iotman::ui {

struct EndpointRow {
    EndpointView view;
    std::optional<double> rate; ///< items a second that its output makes

    bool operator==(const EndpointRow& other) const;
};

std::vector<EndpointRow> endpointRows(const std::vector<EndpointView>& endpoints, const ItemRates& rates);

enum class EndpointColumn { Output, Url, Access, LastItem, Rate, Streams, Created, By };
inline constexpr int endpointColumns = 8;

QString headingOf(EndpointColumn column);
Qt::Alignment alignmentOf(EndpointColumn column);

/// What a cell of `column` says of `row` in `role`; an invalid value where it says nothing.
QVariant cell(const EndpointRow& row, EndpointColumn column, int role, const ReadingContext& context);

/// “Public” or the scope, as a badge reads.
QString accessWord(const std::optional<ScopeName>& scope);

} // namespace iotman::ui
