// “API description”: the OpenAPI document of the workspace, to read, copy and save.
#pragma once

#include "core/client/authorized.h"
#include "ui/pages/apitext.h"
#include "ui/pages/textparts.h"
#include "ui/pages/textsearch.h"

#include <QDialog>
#include <QTimer>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

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
    ~ApiDialog() override;

    /// Writes the description to `path`, beside the window; then the message line says so, or why not.
    void saveTo(const QString& path);

    QPlainTextEdit* text() const { return text_; } ///< of a long description a part
    QWidget* parts() const { return parts_; }      ///< which part it is, and the way to the others
    QTreeWidget* places() const { return places_; }
    FilterBox* searched() const { return searched_; }
    MessageLine* message() const { return message_; }
    QPushButton* copyButton() const { return copy_; }
    QPushButton* saveButton() const { return save_; }
    QPushButton* reloadButton() const { return reload_; }

private:
    struct Shown {
        QString version;
        TextParts text;
        std::vector<ApiPlace> places;
        std::vector<qsizetype> positions; ///< of the places
    };
    static Shown read(ApiText api);

    void arrange();
    void makeShortcuts();
    void load();
    void took(const Expected<client::HttpAnswer>& answer);
    void showApi(const Expected<std::shared_ptr<const Shown>>& api);
    void showText(const std::shared_ptr<const Shown>& api);
    void makePlaces();
    void showPlaces();
    void showTrouble(const QString& lead, const QString& sentence);
    void jump();
    void copy();
    void save();
    /// Goes to the next place where the searched text stands, from the end on again from the start, and marks all of them. `again`
    /// leaves the place one is at.
    void search(SearchDirection direction, bool again);
    void found(qsizetype position, qsizetype length);
    void showPart(int part);
    void markAll();

    Session& session_;
    client::Authorized http_;
    client::Call call_;
    int reading_ = 0;   ///< counts the documents that are read beside the window; the last one is shown
    int searching_ = 0; ///< the same of searches
    std::shared_ptr<const Shown> shown_;
    std::vector<std::unique_ptr<QTreeWidgetItem>> groups_; ///< that are not in the tree yet
    std::size_t placesMade_ = 0;
    int part_ = 0; ///< of the text, that is in the view
    QTimer placesTurn_;
    QLabel* about_;
    BusyRing* ring_;
    FilterBox* searched_;
    MessageLine* message_;
    QTreeWidget* places_;
    QPlainTextEdit* text_;
    QWidget* parts_;
    QLabel* partOf_;
    QPushButton *previous_, *next_;
    QPushButton *reload_, *copy_, *save_, *close_;
};

} // namespace iotman::ui
