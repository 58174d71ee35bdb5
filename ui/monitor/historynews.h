// Hears from a server when what was once told is no longer so: an import, a rule applied to what is stored, a restore.
#pragma once

#include "core/client/eventstream.h"
#include "core/model/names.h"
#include "core/series/timerange.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace iotman {

/// History of an endpoint that has changed.
struct HistoryChange {
    EndpointId endpoint;
    TimeRange range; ///< as far as a chart reaches where the server names no bound

    bool operator==(const HistoryChange&) const = default;
};

/// What an event of `/api/activity/events` says about history; nothing where it is about something else.
std::optional<HistoryChange> historyChangeFrom(const client::ServerEvent& event);

/// Listens for as long as it lives; reconnects. A server without such events, or one that does not let us listen, is asked again
/// once in a while and never complained of. GUI thread.
class HistoryNews : public QObject {
    Q_OBJECT

public:
    /// All but `server` must outlive it.
    HistoryNews(client::Network& network, client::TokenSource& tokens, const Clock& clock, Random& random, const QUrl& server,
                QObject* parent = nullptr);

Q_SIGNALS:
    void changed(const iotman::HistoryChange& change);

private:
    client::EventStream stream_;
    QTimer again_;
};

} // namespace iotman
