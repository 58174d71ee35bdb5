#include "ui/chart/valuetext.h"

#include "core/series/numberaxis.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr qsizetype mostDigits = 10, mostLetters = 24; ///< of a short text
constexpr int significantDigits = 7;

QString shortened(const QString& text)
{
    if (text.size() <= mostLetters)
        return text;
    const qsizetype cut = text[mostLetters - 2].isHighSurrogate() ? mostLetters - 2 : mostLetters - 1;
    return text.left(cut) + QChar(0x2026);
}

bool isWord(const SeriesInfo& info, double value)
{
    return info.kind == SeriesKind::State || (info.kind == SeriesKind::Boolean && (value == 0 || value == 1));
}

} // namespace

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

QString stateText(const SeriesInfo& info, double value)
{
    const bool isThere = value >= 0 && value < static_cast<double>(info.states.size());
    return isThere ? QString::fromStdString(info.states[static_cast<std::size_t>(value)]) : QString();
}

QString roundedText(double value, int decimals)
{
    const double size = std::abs(value);
    if (value != 0 && (size < 1e-5 || size >= 1e9))
        return QString::fromStdString(exactText(value));
    const int significant = size == 0 ? 0 : 5 - static_cast<int>(std::floor(std::log10(size)));
    return QString::fromStdString(fixedText(value, std::clamp(significant, 0, std::max(decimals, 0))));
}

QString bareValueText(const SeriesInfo& info, double value)
{
    if (info.kind == SeriesKind::State)
        return stateText(info, value);
    return isWord(info, value) ? booleanText(value) : QString::fromStdString(exactText(value));
}

QString shortValueText(const SeriesInfo& info, double value)
{
    const QString text = bareValueText(info, value);
    if (isWord(info, value))
        return shortened(text);
    if (text.size() <= mostDigits)
        return text;
    return QString::number(value, 'g', significantDigits).replace(u'-', QChar(0x2212));
}

QString exactValueText(const SeriesInfo& info, double value)
{
    const QString text = bareValueText(info, value);
    return info.unit.empty() || isWord(info, value) ? text : text + QLatin1Char(' ') + QString::fromStdString(info.unit);
}

} // namespace iotman
