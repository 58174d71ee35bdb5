// The menu of layouts: open, save, and those that come with the program.
#pragma once

#include <QObject>
#include <QString>

class QMenu;

namespace iotman {

class MonitorPage;

class LayoutMenu : public QObject {
    Q_OBJECT

public:
    /// `page` is also the parent.
    explicit LayoutMenu(MonitorPage& page);

    /// Where layouts lie that come with the program.
    void setFolder(const QString& folder) { folder_ = folder; }
    /// At the pointer.
    void show();
    void fill(QMenu& menu);

    /// Errors: one sentence, empty when all went well.
    QString open(const QString& file);
    QString save(const QString& file) const;

private:
    void askToOpen();
    void askToSave();
    void addKnown(QMenu& menu);

    MonitorPage& page_;
    QString folder_;
};

} // namespace iotman
