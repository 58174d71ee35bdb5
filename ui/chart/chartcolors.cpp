#include "ui/chart/chartcolors.h"

#include <cmath>

namespace iotman {

namespace {

/// Relative luminance (WCAG 2.1).
double luminance(const QColor& color)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

ChartColors makeLight()
{
    ChartColors c;
    c.background = QRgb(0xFFFFFF);
    c.pane = QRgb(0xF7F8F9);
    c.border = QRgb(0xC3C9CE);
    c.grid = QRgb(0xE6E9EC);
    c.axis = QRgb(0x56606A);
    c.text = QRgb(0x1A2026);
    c.cursor = QRgb(0x1A2026);
    c.selection = QRgb(0xEFF6F9);
    c.gap = QRgb(0x8A5200);
    c.gapBackground = QRgb(0xFBEFD5);
    c.limit = QRgb(0xB3261E);
    c.accent = QRgb(0x0B6A88);
    c.series = {QRgb(0x046DD4), QRgb(0xC87A4C), QRgb(0x286250), QRgb(0xD72673),
                QRgb(0x8A5B01), QRgb(0x0C2597), QRgb(0x6C140A), QRgb(0x33918D)};
    return c;
}

ChartColors makeDark()
{
    ChartColors c;
    c.background = QRgb(0x15181B);
    c.pane = QRgb(0x2A2F34);
    c.border = QRgb(0x3B4248);
    c.grid = QRgb(0x2A3035);
    c.axis = QRgb(0xA5AEB6);
    c.text = QRgb(0xE3E6E9);
    c.cursor = QRgb(0xF2F4F5);
    c.selection = QRgb(0x182A33);
    c.gap = QRgb(0xE6B450);
    c.gapBackground = QRgb(0x392D14);
    c.limit = QRgb(0xFF8F86);
    c.accent = QRgb(0x62BEDA);
    c.series = {QRgb(0x2F7EFE), QRgb(0xE18303), QRgb(0x0FCA93), QRgb(0xB6749A),
                QRgb(0xF9EA5E), QRgb(0x9FADEC), QRgb(0xC95853), QRgb(0xA7DEE1)};
    return c;
}

} // namespace

const ChartColors& ChartColors::light()
{
    static const ChartColors colors = makeLight();
    return colors;
}

const ChartColors& ChartColors::dark()
{
    static const ChartColors colors = makeDark();
    return colors;
}

const ChartColors& ChartColors::of(const QPalette& palette)
{
    const bool isDark = luminance(palette.color(QPalette::Base)) < luminance(palette.color(QPalette::Text));
    return isDark ? dark() : light();
}

QColor inkOn(const QColor& background)
{
    // Equal contrast with black and white: (L + 0.05)^2 = 1.05 x 0.05.
    return luminance(background) > 0.179 ? QColor(Qt::black) : QColor(Qt::white);
}

} // namespace iotman
