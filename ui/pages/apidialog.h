// “API description”: the OpenAPI document of the workspace, to read, copy and save.
#pragma once

#include "core/client/authorized.h"
#include "ui/pages/apitext.h"
#include "ui/pages/textsearch.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;

namespace iotman {
class BusyRing;
class FilterBox;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class Session;

/// Not modal: it stays beside the window while one works, and goes with the connection. Reads the document when it is made and
/// whenever it is asked to.
class ApiDialog : public QDialog {
    Q_OBJECT

public:
    explicit ApiDialog(Session& session, QWidget* parent = nullptr);

    /// Writes what is shown to `path`; where that fails the message line says why.
    bool saveTo(const QString& path);

    QPlainTextEdit* text() const { return text_; }
    QTreeWidget* places() const { return places_; }
    FilterBox* searched() const { return searched_; }
    MessageLine* message() const { return message_; }
    QPushButton* copyButton() const { return copy_; }
    QPushButton* saveButton() const { return save_; }
    QPushButton* reloadButton() const { return reload_; }

private:
    void arrange();
    void makeShortcuts();
    void load();
    void took(const Expected<client::HttpAnswer>& answer);
    void showApi(const Expected<ApiText>& api);
    void showText(const ApiText& api);
    void showTrouble(const QString& lead, const QString& sentence);
    void jump();
    void copy();
    void save();
    /// Goes to the next place where the searched text stands, from the end on again from the start. `again` leaves the place one
    /// is at.
    void search(SearchDirection direction, bool again);
    void markAll();

    Session& session_;
    client::Authorized http_;
    client::Call call_;
    int reading_ = 0; ///< counts the documents that are read beside the window; the last one is shown
    QLabel* about_;
    BusyRing* ring_;
    FilterBox* searched_;
    MessageLine* message_;
    QTreeWidget* places_;
    QPlainTextEdit* text_;
    QPushButton *reload_, *copy_, *save_, *close_;
};

} // namespace iotman::ui
