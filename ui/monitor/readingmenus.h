// How an endpoint's items become lines, in words and as menus to change it.
#pragma once

#include "ui/monitor/endpointshape.h"

#include <QString>

#include <functional>

class QMenu;

namespace iotman {

/// `Lines by “location”`, `One line a field`.
QString splitText(const ReadingRule& rule);
/// `Time of the datapoint`, `Time of “ts” (milliseconds)`, `Time of arrival`.
QString timeText(const ReadingRule& rule, const EndpointShape& shape);

using RuleChosen = std::function<void(const ReadingRule&)>;

/// Fills `menu` with the fields that lines can be split by; `chosen` gets `rule` with another one.
void fillSplitMenu(QMenu& menu, const ReadingRule& rule, const EndpointShape& shape, const RuleChosen& chosen);
/// The same for the times that values can be drawn at.
void fillTimeMenu(QMenu& menu, const ReadingRule& rule, const EndpointShape& shape, const RuleChosen& chosen);

} // namespace iotman
