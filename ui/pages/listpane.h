// A table with all that every list of the program has: a filter, a count, empty texts, columns that are remembered.
#pragma once

#include "ui/pages/rowsmodel.h"

#include <QWidget>

class QLabel;
class QSettings;
class QStackedWidget;
class QTableView;

namespace iotman {
class EmptyPage;
class FilterBox;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class RowsProxy;

struct ListTexts {
    QString name;   ///< of the table, for who can't see it: “Clients”
    QString filter; ///< “Filter clients”
    QString iconName;
    QString emptyTitle;
    QString emptySentence;
    QString nothingFound; ///< “No client has this text in …”
};

/// Rows come from whoever owns the list; what is chosen goes back as their ids. The context menu shows the widget's actions().
class ListPane : public QWidget {
    Q_OBJECT

public:
    /// `settings` remembers the columns under `key` and must outlive it.
    ListPane(std::vector<ColumnSpec> columns, const ListTexts& texts, QSettings& settings, const QString& key,
             QWidget* parent = nullptr);
    ~ListPane() override;

    /// `loaded`: an empty list is really empty, and not just not there yet.
    void setRows(std::vector<TableRow> rows, bool loaded);
    /// The button of the empty page.
    void setEmptyAction(QAction* action);
    /// How the rows are ordered at first.
    void sortBy(int column, Qt::SortOrder order);

    QStringList chosen() const; ///< ids, from top to bottom
    QString current() const;    ///< the current row's id while it is selected
    /// Makes it the current row, now or once it is there.
    void choose(const QString& id);

    QTableView* table() const { return table_; }
    MessageLine* message() const { return message_; }
    /// Adds the actions that copy the selected rows.
    void addCopyActions(QWidget* owner);
    void updateCopyActions();

Q_SIGNALS:
    void chosenChanged();
    void activated(const QString& id);
    void copied(const QString& sentence); ///< for a toast

private:
    void arrange(const ListTexts& texts);
    void restore(QSettings& settings);
    void refilter();

    QSettings& settings_;
    QString key_;
    RowsModel* model_;
    RowsProxy* proxy_;
    QString wanted_;
    bool loaded_ = false;

    QLabel* count_;
    FilterBox* filter_;
    MessageLine* message_;
    QStackedWidget* stack_;
    QTableView* table_;
    EmptyPage* empty_;
    EmptyPage* nothingFound_;
    QAction* copyText_ = nullptr;
    QAction* copyCsv_ = nullptr;
};

} // namespace iotman::ui
