// Listens to Server-Sent Events for as long as it is wanted: reconnects, goes on where it was, renews its token.
#pragma once

#include "core/client/backoff.h"
#include "core/client/serverevents.h"
#include "core/client/tokensource.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <optional>
#include <vector>

class QNetworkReply;

namespace iotman::client {

struct EventStreamSettings {
    BackoffSettings backoff{std::chrono::milliseconds(500), std::chrono::seconds(60), std::chrono::seconds(30)};
    std::chrono::milliseconds silence = std::chrono::seconds(60); ///< without a byte: the connection is dead
};

/// Lives on one thread, with its event loop.
class EventStream : public QObject {
    Q_OBJECT

public:
    /// All but `url` must outlive it.
    EventStream(Network& network, TokenSource& tokens, const Clock& clock, Random& random, QUrl url,
                EventStreamSettings settings = {}, QObject* parent = nullptr);
    ~EventStream() override;

    /// Connects now, and again whenever the connection is lost, no sooner than the server's `retry` (within the backoff's most).
    /// Does nothing while it is at work.
    void start();
    /// What comes from now on is not missed later: the next start begins with what happens then.
    void stop();
    bool isStarted() const { return started_; }
    /// The server lets us listen: what happens from here on will be told.
    bool isOpen() const { return isOpen_; }

Q_SIGNALS:
    void opened();
    /// All that came at once, in order.
    void arrived(const std::vector<iotman::client::ServerEvent>& events);
    /// A try failed before it was open; another one follows by itself. A connection that was open and is lost is not told.
    void failed(const iotman::Error& error);
    /// The server has no such stream. It is stopped.
    void absent();

private:
    void connectNow();
    void listen(const Token& token);
    void headCame();
    void read();
    void finished();
    void lost();
    void leave();

    Network& network_;
    TokenSource& tokens_;
    const Clock& clock_;
    QUrl url_;
    EventStreamSettings settings_;
    Backoff backoff_;
    QNetworkAccessManager manager_;
    QPointer<QNetworkReply> reply_;
    QString tls_; ///< why a certificate was refused
    Call tokenCall_;
    std::optional<Token> token_;
    std::optional<Token> rejected_; ///< the token that the server did not take; the next one must be another
    QTimer retry_;
    QTimer silence_;
    ServerEventParser parser_;
    bool started_ = false;
    bool isOpen_ = false;
};

} // namespace iotman::client
