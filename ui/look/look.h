// The colours of the program in light and dark, and the one call that gives them to an application.
#pragma once

#include <QColor>
#include <QPalette>

#include <array>

class QApplication;
class QWidget;

namespace iotman {

enum class Scheme {
    System, ///< what the desktop uses
    Light,
    Dark,
};

enum class Motion {
    Full,    ///< fades of at most metrics::fadeMs, unless the desktop reduces motion
    Reduced, ///< none
};

/// The colours beyond the roles of QPalette, by what they are for. A "Bg" is the tint that its namesake is written on.
struct Extras {
    QColor accent;     ///< default buttons, focus, the bar of a selected row
    QColor accentText; ///< on accent
    QColor sel;        ///< a selected row in an active window
    QColor selInactive;
    QColor hover;
    QColor pane; ///< behind the pages of a tab widget
    QColor outline;
    QColor dimText;
    QColor disabledText;
    QColor disabledBorder;
    QColor toolOn; ///< behind a checked tool button
    QColor line;   ///< between bars and parts: decoration

    QColor success, successBg, warning, warningBg, danger, dangerBg, infoBg;
    QColor publicAccess, publicAccessBg, scope, scopeBg;
    QColor local, test, production, environmentText; ///< chips of an environment and the text on them

    QColor chartBackground, chartGrid, chartAxis, chartCursor, chartSelection, chartGap, chartLimit;
    QColor codeKey, codeString, codeNumber, codeOperator, codeVariable;

    std::array<QColor, 8> series; ///< of a chart, in the order they are given out
};

const Extras& lightExtras();
const Extras& darkExtras();

/// The extras that go with a palette: dark ones where its window is darker than its text.
const Extras& extras(const QPalette&);
const Extras& extras(const QWidget*);

bool isDark(const QPalette&);

QPalette lightPalette();
QPalette darkPalette();

/// The palette of item views: a selected row is a quiet tint that keeps the colour of its text.
QPalette itemViewPalette(const QPalette&);

/// Gives `app` the style (once) and the palettes of `scheme`, and every widget follows with the next turn of the event loop. May
/// be called again at any time: when the setting changes, and with Scheme::System when a window gets QEvent::ThemeChange. With
/// Scheme::System the lightness of the platform's own palette decides. GUI thread only.
void applyLook(QApplication& app, Scheme scheme, Motion motion = Motion::Full);

} // namespace iotman
