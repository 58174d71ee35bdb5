// Hears from a server when what was once told is no longer so: an import, a rule applied to what is stored, a restore.
#pragma once

#include "core/client/network.h"
#include "core/client/tokensource.h"
#include "core/model/names.h"
#include "core/series/timerange.h"

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <optional>
#include <vector>

class QNetworkReply;

namespace iotman {

/// History of an endpoint that has changed.
struct HistoryChange {
    EndpointId endpoint;
    TimeRange range; ///< as far as a chart reaches where the server names no bound

    bool operator==(const HistoryChange&) const = default;
};

/// What a stretch of `/api/activity/events` says about history (Server-Sent Events; WHATWG HTML §9.2). `bytes` is what came and
/// was not read yet; what was read is taken from it. An event beyond 1 MiB is skipped.
std::vector<HistoryChange> takeHistoryChanges(QByteArray& bytes, QByteArray& lastId);

/// Listens for as long as it lives; reconnects. A server without such events, or one that does not let us listen, is asked again
/// once in a while and never complained of. GUI thread.
class HistoryNews : public QObject {
    Q_OBJECT

public:
    /// `network` and `tokens` must outlive it.
    HistoryNews(client::Network& network, client::TokenSource& tokens, const QUrl& server, QObject* parent = nullptr);
    ~HistoryNews() override;

Q_SIGNALS:
    void changed(const iotman::HistoryChange& change);

private:
    void connectNow();
    void listen(const client::Token& token);
    void read();
    void wait(std::chrono::milliseconds delay);

    client::Network& network_;
    client::TokenSource& tokens_;
    QUrl url_;
    QNetworkAccessManager manager_;
    QPointer<QNetworkReply> reply_;
    client::Call token_;
    QTimer again_;
    QByteArray unread_, lastId_;
};

} // namespace iotman
