#include "ui/look/look.h"

#include "ui/look/lookstyle.h"

#include <QApplication>
#include <QToolTip>
#include <QWidget>

namespace iotman {
namespace {

/// Picks from a pair (light, dark), so that the tables below read like the page they come from.
struct Pick {
    bool dark;
    QColor operator()(QRgb lightRgb, QRgb darkRgb) const { return QColor::fromRgb(dark ? darkRgb : lightRgb); }
};

Extras makeExtras(bool dark)
{
    const Pick c{dark};
    return Extras{
        .accent = c(0x0B6A88, 0x62BEDA),
        .accentText = c(0xFFFFFF, 0x0E1518),
        .sel = c(0xCFE5EC, 0x1D4453),
        .selInactive = c(0xDEE3E7, 0x33393F),
        .hover = c(0xEDF4F7, 0x22282C),
        .pane = c(0xF7F8F9, 0x2A2F34),
        .outline = c(0x828B93, 0x7F8992),
        .dimText = c(0x56606A, 0xA5AEB6),
        .disabledText = c(0x757E86, 0x7B858D),
        .disabledBorder = c(0xC3C9CE, 0x454C53),
        .toolOn = c(0xD9E7EC, 0x1F3A45),
        .line = c(0xD5DADE, 0x383F45),
        .success = c(0x176B3B, 0x6FCB8E),
        .successBg = c(0xE2F2E7, 0x1C3324),
        .warning = c(0x8A5200, 0xE6B450),
        .warningBg = c(0xFBEFD5, 0x392D14),
        .danger = c(0xB3261E, 0xFF8F86),
        .dangerBg = c(0xFBE7E5, 0x42211F),
        .infoBg = c(0xE3F0F4, 0x1C3540),
        .publicAccess = c(0x0A6157, 0x74D2C0),
        .publicAccessBg = c(0xDCF1EC, 0x16362F),
        .scope = c(0x573B96, 0xC4B0F5),
        .scopeBg = c(0xECE7F7, 0x322A4A),
        .local = c(0x35694A, 0x7CC596),
        .test = c(0x8A5200, 0xE6B450),
        .production = c(0xA3195B, 0xFF8DBB),
        .environmentText = c(0xFFFFFF, 0x14181B),
        .chartBackground = c(0xFFFFFF, 0x15181B),
        .chartGrid = c(0xE6E9EC, 0x2A3035),
        .chartAxis = c(0x56606A, 0xA5AEB6),
        .chartCursor = c(0x1A2026, 0xF2F4F5),
        .chartSelection = c(0xEFF6F9, 0x182A33),
        .chartGap = c(0x8A5200, 0xE6B450),
        .chartLimit = c(0xB3261E, 0xFF8F86),
        .codeKey = c(0x0B5C8A, 0x7CC4F0),
        .codeString = c(0x176B3B, 0x8FD3A3),
        .codeNumber = c(0x9A3B00, 0xF0AE7C),
        .codeOperator = c(0x573B96, 0xC4B0F5),
        .codeVariable = c(0x8A1F5C, 0xF09AC6),
        .series = {c(0x046DD4, 0x2F7EFE), c(0xC87A4C, 0xE18303), c(0x286250, 0x0FCA93), c(0xD72673, 0xB6749A),
                   c(0x8A5B01, 0xF9EA5E), c(0x0C2597, 0x9FADEC), c(0x6C140A, 0xC95853), c(0x33918D, 0xA7DEE1)},
    };
}

QPalette makePalette(bool dark)
{
    const Pick c{dark};
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor& color) { palette.setColor(QPalette::All, role, color); };
    set(QPalette::Window, c(0xEEF0F2, 0x24282C));
    set(QPalette::WindowText, c(0x1A2026, 0xE3E6E9));
    set(QPalette::Base, c(0xFFFFFF, 0x191C1F));
    set(QPalette::AlternateBase, c(0xF6F7F8, 0x1E2225));
    set(QPalette::Text, c(0x1A2026, 0xE3E6E9));
    set(QPalette::PlaceholderText, c(0x5F6971, 0x99A3AB));
    set(QPalette::Button, c(0xFBFCFC, 0x30363B));
    set(QPalette::ButtonText, c(0x1A2026, 0xE3E6E9));
    set(QPalette::BrightText, c(0xFFFFFF, 0xFFFFFF));
    set(QPalette::Light, c(0xFFFFFF, 0x474E55));
    set(QPalette::Midlight, c(0xF3F4F6, 0x394046));
    set(QPalette::Mid, c(0xC3C9CE, 0x3B4248));
    set(QPalette::Dark, c(0x828B93, 0x7F8992));
    set(QPalette::Shadow, c(0x394148, 0x0C0E10));
    set(QPalette::Highlight, c(0x0B6A88, 0x1F7C9B));
    set(QPalette::HighlightedText, c(0xFFFFFF, 0xFFFFFF));
    set(QPalette::Link, c(0x0B6A88, 0x62BEDA));
    set(QPalette::LinkVisited, c(0x6A4A9C, 0xB9A2E8));
    set(QPalette::ToolTipBase, c(0x2B3238, 0xE3E6E9));
    set(QPalette::ToolTipText, c(0xF3F5F6, 0x1A2026));

    const Extras& extra = dark ? darkExtras() : lightExtras();
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText,
                            QPalette::HighlightedText, QPalette::Link, QPalette::LinkVisited})
        palette.setColor(QPalette::Disabled, role, extra.disabledText);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, extra.selInactive);
    return palette;
}

/// Whether the platform's own palette is dark. Giving up ours for a moment is the one way to it that Qt 6.4 has; no widget
/// paints in between.
bool systemIsDark()
{
    QApplication::setPalette(QPalette());
    return isDark(QApplication::palette());
}

} // namespace

const Extras& lightExtras()
{
    static const Extras value = makeExtras(false);
    return value;
}

const Extras& darkExtras()
{
    static const Extras value = makeExtras(true);
    return value;
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightnessF() <
           palette.color(QPalette::Active, QPalette::WindowText).lightnessF();
}

const Extras& extras(const QPalette& palette)
{
    return isDark(palette) ? darkExtras() : lightExtras();
}

const Extras& extras(const QWidget* widget)
{
    return extras(widget ? widget->palette() : QGuiApplication::palette());
}

QPalette lightPalette()
{
    return makePalette(false);
}

QPalette darkPalette()
{
    return makePalette(true);
}

QPalette itemViewPalette(const QPalette& palette)
{
    const Extras& extra = extras(palette);
    QPalette view = palette;
    view.setColor(QPalette::All, QPalette::Highlight, extra.sel);
    view.setColor(QPalette::Inactive, QPalette::Highlight, extra.selInactive);
    view.setColor(QPalette::Disabled, QPalette::Highlight, extra.selInactive);
    for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
        view.setColor(group, QPalette::HighlightedText, palette.color(group, QPalette::Text));
    return view;
}

void applyLook(QApplication& app, Scheme scheme, Motion motion)
{
    auto* style = qobject_cast<LookStyle*>(app.style());
    if (!style) {
        style = new LookStyle;
        QApplication::setStyle(style); // the application owns it from here on
    }
    style->setMotion(motion);

    const bool dark = scheme == Scheme::Dark || (scheme == Scheme::System && systemIsDark());
    const QPalette palette = dark ? darkPalette() : lightPalette();
    QApplication::setPalette(palette);
    QApplication::setPalette(itemViewPalette(palette), "QAbstractItemView");
    QToolTip::setPalette(palette);
}

} // namespace iotman
