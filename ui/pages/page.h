// What the window knows of a page, and the places a page has.
#pragma once

#include <QString>

namespace iotman::ui {

/// In the order of the navigation.
enum class PageId { Endpoints, Outputs, Sources, Access, Cors, Monitor, Activity };

QString pageName(PageId id);
QString pageIcon(PageId id);
/// Under which the settings know it: “endpoints”.
QString pageKey(PageId id);

// A page is any widget. Its actions() stand in the tool bar, in the menu of its name and wherever it puts them itself; those of
// QAction::LowPriority stay out of the tool bar. An action whose isSeparator() is true separates in all of these places.
// Ctrl+F goes to its FilterBox, if it has one; its isWindowModified() is the window's while it is shown.

} // namespace iotman::ui
