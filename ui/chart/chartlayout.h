// Where the parts of a chart stand, in logical pixels.
#pragma once

#include <QRect>
#include <QSize>
#include <QString>

#include <vector>

class QFont;

namespace iotman {

/// Texts of one series in the legend.
struct LegendEntry {
    QString name, value, unit;

    bool operator==(const LegendEntry&) const = default;
};

/// What a chart leaves free or does without.
struct ChartRoom {
    int legendRight = 0;    ///< logical pixels at the right of the legend, for buttons
    bool timeLabels = true; ///< false: the pane below has them

    bool operator==(const ChartRoom&) const = default;
};

struct ChartLayout {
    QRect legend, title;              ///< the strip at the top
    QRect plot;                       ///< where lines are drawn
    QRect timeLabels, timeTitle;      ///< below the plot
    std::vector<QRect> legendEntries; ///< one for each series that found room
    std::vector<int> valueWidths;     ///< room for each one's value
    int hiddenEntries = 0;            ///< series that found none
    QRect moreEntries;                ///< room for "+ 3 more"

    /// `leftWidth` and `rightWidth`: room for value labels and last values. `valueWidths`: the widest each value has been,
    /// so that entries do not move while values change; updated.
    static ChartLayout of(QSize size, const QFont& font, const QString& title, const std::vector<LegendEntry>& entries,
                          int leftWidth, int rightWidth, std::vector<int>& valueWidths, ChartRoom room = {});
};

/// Fonts of the parts.
QFont chartLabelFont(QFont base);
QFont chartBoldFont(QFont base);

inline constexpr int legendRowHeight = 28;
inline constexpr int legendSampleWidth = 26;
inline constexpr int legendInnerGap = 8;

} // namespace iotman
