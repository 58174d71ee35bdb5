// What the window knows of a page, and the places a page has.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/gototarget.h"

#include <QString>
#include <QTimeZone>
#include <QWidget>

#include <vector>

namespace iotman::ui {

/// In the order of the navigation.
enum class PageId { Endpoints, Outputs, Sources, Access, Cors, Monitor, Activity };

QString pageName(PageId id);
/// The same in the menu bar, with its access key.
QString pageMenuTitle(PageId id);
QString pageIcon(PageId id);
/// Under which the settings know it: “endpoints”.
QString pageKey(PageId id);

/// A page of the table in pagetable.cpp. Its actions() stand in the tool bar, in the menu of its name and wherever it puts them
/// itself; those of QAction::LowPriority stay out of the tool bar. An action whose isSeparator() is true separates in all of
/// these places. Ctrl+F goes to its FilterBox, if it has one; its isWindowModified() is the window's.
///
/// Pages that the program adds with MainWindow::addPage may be any widget; the same holds for their actions.
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// The zone in which times are shown. Told once when the page is made, and at each change.
    virtual void setZone(const QTimeZone& zone);
    /// What of this page can be gone to, beside the page itself. Asked while somebody types.
    virtual std::vector<GotoTarget> targets();
    /// Makes what has this id or name the current row; once it is in the list, where it is not yet.
    virtual void choose(const QString& what);
    /// What is lost when the window closes while isWindowModified(): a sentence.
    virtual QString unsaved() const;

Q_SIGNALS:
    void openInMonitor(const iotman::EndpointView& endpoint);
    /// Another page is wanted, and there what has this id or name; an empty text leaves it as it is.
    void goTo(iotman::ui::PageId page, const QString& what);
};

} // namespace iotman::ui
