// Reads an endpoint's stream for as long as it is wanted: reconnects, resumes where it was, renews its token.
#pragma once

#include "core/client/address.h"
#include "core/client/backoff.h"
#include "core/client/streamend.h"
#include "core/client/streammessage.h"
#include "core/client/tokensource.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QSslError;
class QWebSocket;

namespace iotman::client {

struct StreamSettings {
    Contract contract = Contract::Extended;
    BackoffSettings backoff;
    std::chrono::milliseconds connect = std::chrono::seconds(30); ///< for the upgrade to be answered
    std::chrono::milliseconds ping = std::chrono::seconds(20);    ///< between our own pings
    std::chrono::milliseconds silence = std::chrono::seconds(60); ///< without a message or an answer to a ping: the link is dead
};

/// Where to begin. Neither: with what comes from now on (then, until the first item, a lost link may lose items: there is no
/// position yet to go on from; a page's `live` cursor avoids that).
struct StreamStart {
    std::string cursor;
    std::optional<Timestamp> from;
};

enum class StreamState {
    Stopped,
    Connecting,
    Live,
    Waiting,      ///< until the next try
    Refused,      ///< the server says that there is nothing to read: no further try by itself
    SignInNeeded, ///< the server takes neither the token nor a renewed one
};

struct StreamStatus {
    StreamState state = StreamState::Stopped;
    std::optional<Error> why;          ///< of Waiting, Refused, SignInNeeded
    std::chrono::milliseconds delay{}; ///< of Waiting
};

/// Lives on one thread, with its event loop. Each item is told once, in the order of the stream, whatever happened to links.
class StreamReader : public QObject {
    Q_OBJECT

public:
    /// `network`, `tokens`, `clock` and `random` must outlive the reader. Without `tokens` it reads as the public does.
    StreamReader(Network& network, TokenSource* tokens, const Clock& clock, Random& random, EndpointAddress address,
                 StreamSettings settings = {}, QObject* parent = nullptr);
    ~StreamReader() override;

    /// Begins anew; a running stream is left first.
    void start(StreamStart start);
    void stop();
    /// Does not wait any longer; also after Refused and SignInNeeded. It goes on from the last item.
    void retryNow();

    const StreamStatus& status() const { return status_; }
    /// Where the stream would go on; empty before the first item of a stream that began without one, and on hosted services.
    const std::string& cursor() const { return start_.cursor; }

Q_SIGNALS:
    /// All that came in one turn of the event loop.
    void itemsArrived(const std::vector<iotman::client::StreamItem>& items);
    void statusChanged(const iotman::client::StreamStatus& status);
    /// A message that is no item; the stream goes on.
    void unreadable(const iotman::Error& error);

private:
    enum class TokenTry { First, Last };

    QUrl url() const;
    void connectNow();
    void signedIn(Expected<Token> token);
    void open();
    void opened();
    void message(const QString& text);
    void flush();
    void closed();
    void ended();
    void follow(StreamEnd end);
    void renew(const Error& why);
    void wait(const Error& why, std::chrono::milliseconds delay);
    void halt(StreamState state, const Error& why);
    void leave();
    bool tell(StreamStatus status);

    Network& network_;
    TokenSource* tokens_;
    const Clock& clock_;
    EndpointAddress address_;
    StreamSettings settings_;
    Backoff backoff_;
    StreamStart start_;
    StreamStatus status_;
    std::uint64_t changes_ = 0;    ///< of the status
    QWebSocket* socket_ = nullptr; ///< a new one for each try
    bool isOpen_ = false;
    bool isSilent_ = false; ///< the link was given up because nothing came
    QString tls_;           ///< why a certificate was refused
    std::optional<Token> token_;
    std::optional<Token> rejected_; ///< the token that the server did not take; the next one must be another
    TokenTry tokenTry_ = TokenTry::First;
    Call tokenCall_;
    std::vector<StreamItem> batch_;
    bool flushing_ = false; ///< a flush is on its way
    QTimer retry_;
    QTimer ping_;
    QTimer silence_; ///< also the limit of the upgrade
};

} // namespace iotman::client
