// The tab “Ask as a browser”: could a page of this origin read this endpoint, and which line decides?
#pragma once

#include "core/browser/rehearsal.h"
#include "core/client/network.h"
#include "core/client/tokensource.h"
#include "core/model/resources.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QWidget;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class AskView;

/// Origin, way, token, Ask; then the verdict, what would mend it, and the exchange step by step. It sends for real, with the
/// headers that a browser sends; the verdict is core/browser's.
class AskPane : public QWidget {
    Q_OBJECT

public:
    /// `network` and `tokens` must outlive it. `member` is who the token is of.
    AskPane(client::Network& network, client::TokenSource& tokens, const QString& member, QWidget* parent = nullptr);

    void setEndpoint(const EndpointView& endpoint);
    /// The workspace's list, where it is known.
    void setOrigins(const std::optional<CorsOrigins>& origins);
    /// A list that is not saved yet, which is judged as if it were; an origin is then added to it and not saved. Nothing: the one
    /// that is saved decides. What was said before is forgotten where it changes.
    void setRehearsal(const std::optional<browser::Rehearsal>& rehearsal);
    /// Whether an origin may be added, and if not, why.
    void setMayAdd(bool allowed, const QString& reason);

    void setOrigin(const QString& origin);
    void setWay(browser::Way way);
    void ask();
    void refuse(const QString& why);
    /// An origin that was asked for could not be added.
    void showAddFailure(const QString& why);

    const std::optional<browser::Report>& report() const { return report_; }
    QPushButton* mendButton() const { return mend_; }

Q_SIGNALS:
    /// Add this to the workspace's list, then call ask().
    void addOriginRequested(const QString& origin);
    void answered(); ///< a report is there

private:
    QWidget* form();
    QWidget* answer();
    browser::Way way() const;
    void begin(const browser::Page& page, const QByteArray& token);
    void step();
    void show(const browser::Report& report);
    void clear();
    void mend();
    void copyAsCurl();

    client::Network& network_;
    client::TokenSource& tokens_;
    std::optional<EndpointView> endpoint_;
    std::optional<CorsOrigins> origins_;
    std::optional<browser::Rehearsal> rehearsal_;
    bool mayAdd_ = false;
    QString mayNotAdd_;
    std::unique_ptr<browser::Inquiry> inquiry_;
    std::vector<browser::Request> sent_;
    std::optional<browser::Report> report_;
    std::chrono::milliseconds elapsed_{};
    client::Call call_;

    QLineEdit* origin_;
    QComboBox* with_;
    QComboBox* as_;
    QPushButton* ask_;
    BusyRing* busy_;
    MessageLine* originError_;
    QWidget* answer_;
    MessageLine* verdict_;
    QPushButton* mend_;
    QLabel* mendNote_;
    MessageLine* addError_;
    QLabel* summary_;
    QLabel* sentNote_;
    AskView* steps_;
    QPushButton* copyReport_;
    QPushButton* copyCurl_;
};

} // namespace iotman::ui
