// Server-Sent Events as bytes (WHATWG HTML §9.2.6, “Interpreting an event stream”).
#pragma once

#include <QByteArray>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace iotman::client {

struct ServerEvent {
    QByteArray name; ///< `message` where the server gave none
    QByteArray data;
    QByteArray id = {}; ///< where a connection would go on after it (`lastEventId`); of an earlier event where it gave none

    bool operator==(const ServerEvent&) const = default;
};

/// Makes events of the bytes of one connection, in whatever pieces they come. A plain value.
class ServerEventParser {
public:
    static constexpr qsizetype longest = 1024 * 1024; ///< of a line, and of an event's data; what is longer is skipped

    /// `lastId`: of an earlier connection.
    explicit ServerEventParser(QByteArray lastId = {})
        : id_(lastId)
        , lastId_(std::move(lastId))
    {
    }

    /// The events that are whole now.
    std::vector<ServerEvent> take(const QByteArray& bytes);
    /// Where a new connection would go on (`Last-Event-ID`): the id of the last event that was whole.
    const QByteArray& lastId() const { return lastId_; }
    /// How long the server wants us to wait before another connection (`retry`); nothing where it did not say.
    std::optional<std::chrono::milliseconds> retry() const { return retry_; }
    /// Another connection begins: what was not whole is forgotten, the last id and `retry` are not.
    void restart();

private:
    void endLine(std::vector<ServerEvent>& events);
    void endEvent(std::vector<ServerEvent>& events);

    QByteArray line_, name_, data_, id_, lastId_;
    std::optional<std::chrono::milliseconds> retry_;
    bool hasData_ = false;
    bool tooLong_ = false;  ///< this line
    bool skipping_ = false; ///< this event
    bool atStart_ = true;   ///< a byte order mark may come
    bool afterCr_ = false;
};

} // namespace iotman::client
