// Asks an endpoint and shows what it answers.
#pragma once

#include "ui/pages/session.h"
#include "ui/pages/timefield.h"

#include <QTimeZone>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTabWidget;
class QTreeView;
class QTreeWidget;

namespace iotman {
class BusyRing;
class CopyButton;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class JsonTreeModel;

/// From, to, limit, as whom, Send; then status, time, size, headers, the JSON as tree and text, and the next page as a button.
class TryItPane : public QWidget {
    Q_OBJECT

public:
    explicit TryItPane(Session& session, QWidget* parent = nullptr);

    /// What was answered by another endpoint goes; the fields stay.
    void setEndpoint(const EndpointView& endpoint);
    void setZone(const QTimeZone& zone);
    void send();

Q_SIGNALS:
    void answered(); ///< an exchange has ended, well or not

private:
    QWidget* requestForm();
    QWidget* answerView();
    void update();
    void fillAs();
    void wait(const QString& what);
    void waited();
    void mint(const ClientId& id);
    void begin(client::TokenSource* tokens);
    void ask(const client::PageLink& link, std::size_t before);
    void show(const client::PageAnswer& answer);
    void showFailure(const Error& error);
    void showHeaders(const client::Headers& headers);
    void clearAnswer();

    Session& session_;
    std::optional<EndpointView> endpoint_;
    std::unique_ptr<client::TokenSource> minted_; ///< of the client that it is asked as
    std::unique_ptr<client::PageReader> reader_;
    client::Call call_;
    std::optional<client::PageLink> next_;
    std::size_t before_ = 0; ///< items on the pages before the one shown
    std::size_t shown_ = 0;
    QTimeZone zone_ = QTimeZone::systemTimeZone();

    TimeField* from_;
    TimeField* to_;
    QSpinBox* limit_;
    QComboBox* as_;
    QComboBox* form_;
    QLabel* range_;
    MessageLine* rangeError_;
    QPushButton* send_;
    BusyRing* busy_;
    QPushButton* cancel_; ///< once it takes long
    QTimer late_{this};
    QWidget* answer_;
    MessageLine* status_;
    QLabel* details_;
    QLabel* count_;
    QPushButton* nextPage_;
    QTabWidget* tabs_;
    JsonTreeModel* treeModel_;
    QTreeView* tree_;
    QPlainTextEdit* text_;
    QLabel* textNote_;
    CopyButton* copyText_;
    QTreeWidget* headers_;
};

} // namespace iotman::ui
