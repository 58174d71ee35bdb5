// Help: the first steps and the words on one page, the language of rules on the other.
#pragma once

#include "ui/pages/textsearch.h"

#include <QDialog>

#include <vector>

class QTabWidget;
class QTextBrowser;

namespace iotman {
class FilterBox;
}

namespace iotman::ui {

/// Not modal: it stays beside the window while one works. Its pages lie in the program; that of rules is docs/rules.md.
class HelpDialog : public QDialog {
    Q_OBJECT

public:
    enum class Topic { FirstSteps, Rules };

    explicit HelpDialog(QWidget* parent = nullptr);

    void choose(Topic topic);
    Topic topic() const;
    QTextBrowser* text(Topic topic) const { return pages_[static_cast<std::size_t>(topic)]; }
    FilterBox* searched() const { return searched_; }

private:
    void addPage(const QString& title, const QString& file);
    void follow(const QUrl& link);
    /// Goes to the next place where the searched text stands, on the other page too. `again` leaves the place one is at.
    void search(SearchDirection direction, bool again);
    void markAll();

    FilterBox* searched_;
    QTabWidget* tabs_;
    std::vector<QTextBrowser*> pages_; ///< by Topic
};

} // namespace iotman::ui
