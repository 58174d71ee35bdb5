// The measures that every page and dialog shares, in device-independent pixels. Spaces lie on a grid of 4.
#pragma once

namespace iotman::metrics {

inline constexpr int tinySpace = 4;
inline constexpr int smallSpace = 8;
inline constexpr int mediumSpace = 12;
inline constexpr int largeSpace = 16;
inline constexpr int pageMargin = mediumSpace;
inline constexpr int dialogMargin = largeSpace;

inline constexpr int cornerRadius = 3;
inline constexpr int controlHeight = 28;      ///< buttons, combos, spin boxes, line edits
inline constexpr int smallControlHeight = 24; ///< the same after makeSmall()
inline constexpr int iconSize = 16;           ///< in buttons, rows and lines
inline constexpr int toolIconSize = 20;       ///< in tool bars and the navigation

inline constexpr int headerHeight = 28;
inline constexpr int rowHeight = 30;
inline constexpr int denseRowHeight = 26;
inline constexpr int treeRowHeight = 24;
inline constexpr int accentBarWidth = 3; ///< at the leading edge of a selected row

inline constexpr int navigationWidth = 184;
inline constexpr int navigationRowHeight = 32;
inline constexpr int barHeight = 26;     ///< menu bar and status bar
inline constexpr int toolBarHeight = 40; ///< tool bar and page bar

inline constexpr int badgeHeight = 20;
inline constexpr int badgeIconSize = 14;
inline constexpr int chipHeight = 18; ///< the filled chip of an environment

inline constexpr int dialogTextWidth = 420; ///< the least, of sentences that wrap
inline constexpr int emptyPageWidth = 420;
inline constexpr int toastWidth = 320;

inline constexpr int busyDelayMs = 150;   ///< what is done sooner shows nothing
inline constexpr int toastTimeMs = 6000;  ///< how long a toast stays while nobody points at it
inline constexpr int fadeMs = 120;        ///< the longest motion
inline constexpr int copiedTimeMs = 1500; ///< how long a copy button shows its check mark

} // namespace iotman::metrics
