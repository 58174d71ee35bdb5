#include "ui/chart/valuetext.h"

#include "core/series/numberaxis.h"

#include <QCoreApplication>

namespace iotman {

QString booleanText(double value)
{
    return value == 0 ? QCoreApplication::translate("iotman::ChartView", "false")
                      : QCoreApplication::translate("iotman::ChartView", "true");
}

int decimalsIn(double value)
{
    const std::string text = exactText(value);
    const auto point = text.find('.');
    return point == std::string::npos || text.find('e') != std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

QString exactValueText(const SeriesInfo& info, double value)
{
    if (info.kind == SeriesKind::Boolean && (value == 0 || value == 1))
        return booleanText(value);
    const QString text = QString::fromStdString(exactText(value));
    return info.unit.empty() ? text : text + QLatin1Char(' ') + QString::fromStdString(info.unit);
}

} // namespace iotman
