// Where the parts of a chart stand, in logical pixels.
#pragma once

#include <QColor>
#include <QRect>
#include <QSize>
#include <QString>

#include <vector>

class QFont;

namespace iotman {

/// A value that has a colour of its own in a band.
struct LegendKey {
    QString text;
    QColor color;

    bool operator==(const LegendKey&) const = default;
};

/// Texts of one series in the legend.
struct LegendEntry {
    QString name, value, unit;
    std::vector<LegendKey> key = {}; ///< what the colours of a band mean

    bool operator==(const LegendEntry&) const = default;
};

/// The most room that the value and the key of an entry have needed, so that entries do not move while these change.
struct LegendRoom {
    int value = 0, key = 0;
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
    std::vector<LegendRoom> rooms;    ///< of each one
    int hiddenEntries = 0;            ///< series that found none
    QRect moreEntries;                ///< room for "+ 3 more"

    /// `leftWidth` and `rightWidth`: room for value labels and last values. `rooms` of the legend's entries are updated.
    static ChartLayout of(QSize size, const QFont& font, const QString& title, const std::vector<LegendEntry>& entries,
                          int leftWidth, int rightWidth, std::vector<LegendRoom>& rooms, ChartRoom room = {});
};

/// How wide an item of a key is, without the space before the next.
int legendKeyWidth(const QFont& font, const LegendKey& key);

/// Fonts of the parts.
QFont chartLabelFont(QFont base);
QFont chartBoldFont(QFont base);

inline constexpr int legendRowHeight = 28;
inline constexpr int legendSampleWidth = 26;
inline constexpr int legendInnerGap = 8;
inline constexpr int legendKeyGap = 3;

} // namespace iotman
