// One connection to a workspace: signed in, kept up to date, without a widget.
#pragma once

#include "core/client/backoff.h"
#include "core/client/management.h"
#include "core/client/pagereader.h"
#include "ui/pages/connection.h"
#include "ui/pages/itemrates.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace iotman::ui {

/// Whether something may be done, and if not, why: the sentence for a disabled control.
struct Permit {
    bool allowed = false;
    QString reason;

    explicit operator bool() const { return allowed; }
    bool operator==(const Permit&) const = default;
};

/// Signs in at a server, keeps its lists and repeats that every two seconds while somebody looks, and after each change. While
/// the server is out of reach it tries again by itself, with growing pauses. GUI thread only; nothing here blocks.
class Session : public QObject {
    Q_OBJECT

public:
    /// `clock` and `random` must outlive it. Nothing is sent before `start`.
    Session(ConnectionInfo connection, const Clock& clock, Random& random, client::NetworkSettings network = {},
            QObject* parent = nullptr);
    ~Session() override;

    const ConnectionInfo& connection() const { return connection_; }
    /// What tokens to read data with; null: as the public does.
    client::TokenSource* dataTokens() { return isAnonymous() ? nullptr : &tokens_; }
    /// A whole workspace, and not only one endpoint.
    bool hasWorkspace() const { return connection_.kind != ConnectionKind::Endpoint; }
    const ConnectionState& state() const { return state_; }
    const Clock& clock() const { return clock_; }

    /// The role that is in effect: one's own, or the lower one of “View as”. Nothing before the first answer.
    std::optional<Role> role() const;
    std::optional<Role> ownRole() const { return ownRole_; }
    /// May the role in effect do this, on a connection that runs?
    Permit permit(Action action) const;

    QString workspaceName() const; ///< the connection's name until the workspace has told its own
    QString workspaceId() const;   ///< empty until then
    QString email() const { return connection_.email; }

    /// Everything below has come at least once.
    bool isLoaded() const { return loaded_; }
    const std::vector<EndpointView>& endpoints() const { return endpoints_; }
    const std::vector<OutputView>& outputs() const { return outputs_; }
    const std::vector<ScopeView>& scopes() const { return scopes_; }
    const std::optional<client::Tagged<CorsView>>& cors() const { return cors_; }
    const std::vector<SourceView>& sources() const { return sources_; }
    const std::vector<ClientView>& clients() const { return clients_; }
    const std::vector<WeatherView>& weather() const { return weather_; } ///< of endpoints that have some
    /// Nothing before the first answer after setAccessWatched.
    const std::optional<std::vector<MemberView>>& members() const { return members_; }
    const std::optional<WorkspaceView>& workspace() const { return workspace_; }
    const ItemRates& rates() const { return rates_; }
    std::optional<Timestamp> tokenExpiresAt() const { return tokens_.expiresAt(); }

    client::Network& network() { return network_; }
    client::TokenSource& tokens() { return tokens_; }
    client::Management& management() { return management_; }
    client::EndpointAddress addressOf(const EndpointView& endpoint) const;

    void start();
    /// Signs in with another key.
    void signIn(const client::Secret& key);
    /// Forgets key and token; what was read stays in sight.
    void signOut();
    /// Lists are only repeated while somebody can see them.
    void setWatched(bool watched);
    /// Members and workspace are only read while somebody looks at them.
    void setAccessWatched(bool watched);
    /// Reads everything again, now; also the way back from a failed sign-in.
    void refresh();
    /// Signs in with a role not above one's own, to see what others see.
    void viewAs(Role role);

    /// `reply` of a change that is asked of management(): when it was made, all lists are read again.
    template <class T>
    client::Reply<T> noted(client::Reply<T> reply)
    {
        return [this, reply = std::move(reply)](Expected<T> result) {
            if (result)
                refresh();
            reply(std::move(result));
        };
    }

    client::Call createEndpoint(const EndpointDraft& draft, QObject* context, client::Reply<EndpointView> reply);
    client::Call changeEndpoint(const EndpointId& id, const EndpointPatch& patch, QObject* context,
                                client::Reply<EndpointView> reply);
    client::Call deleteEndpoint(const EndpointId& id, QObject* context, client::Reply<void> reply);
    /// `etag` of the list that was edited. Errors: PreconditionFailed when somebody else saved meanwhile.
    client::Call saveCors(const std::vector<std::string>& origins, const std::string& etag, QObject* context,
                          client::Reply<client::Tagged<CorsView>> reply);

    /// The newest item of an output, read at one of its endpoints that is switched on. Nothing where none of them is, or it has
    /// no item.
    client::Call latestItem(const OutputId& output, QObject* context, client::Reply<std::optional<client::Item>> reply);
    /// The endpoint that latestItem would read, if any.
    const EndpointView* servedBy(const OutputId& output) const;

Q_SIGNALS:
    void stateChanged(const iotman::ui::ConnectionState& state);
    void roleChanged(std::optional<iotman::Role> role);
    void listsChanged(); ///< some of the lists, or the rates
    void tokenChanged(std::optional<iotman::Timestamp> expiresAt);

private:
    template <class T>
    auto took(void (Session::*keep)(T));
    bool isAnonymous() const;
    void readAll();
    void readEndpoint();
    void keepNewest(client::Page page);
    void keepMe(Me me);
    void keepEndpoints(std::vector<EndpointView> endpoints);
    void keepOutputs(std::vector<OutputView> outputs);
    void keepScopes(std::vector<ScopeView> scopes);
    void keepCors(client::Tagged<CorsView> cors);
    void keepSources(std::vector<SourceView> sources);
    void keepClients(std::vector<ClientView> clients);
    client::Call readWeather();
    void keepWeather(std::vector<WeatherView> weather);
    void keepMembers(std::vector<MemberView> members);
    void keepWorkspace(client::Tagged<WorkspaceView> workspace);
    void answered(const std::optional<Error>& error);
    void finished();
    void changed();
    void setState(ConnectionState state);

    ConnectionInfo connection_;
    const Clock& clock_;
    client::Network network_;
    client::TokenSource tokens_;
    client::Management management_;
    client::Backoff backoff_;
    QTimer timer_{this};

    ConnectionState state_;
    std::optional<Me> me_;
    std::optional<Role> ownRole_;
    std::optional<Role> viewedAs_; ///< asked for, and not yet confirmed by an answer
    std::vector<EndpointView> endpoints_;
    std::vector<OutputView> outputs_;
    std::vector<ScopeView> scopes_;
    std::optional<client::Tagged<CorsView>> cors_;
    std::vector<SourceView> sources_;
    std::vector<ClientView> clients_;
    std::vector<WeatherView> weather_;
    std::optional<std::vector<MemberView>> members_;
    std::optional<WorkspaceView> workspace_;
    ItemRates rates_;

    std::unique_ptr<client::PageReader> reader_; ///< of a connection to one endpoint
    std::vector<client::Call> calls_;            ///< of the round under way
    int awaited_ = 0;
    std::optional<Error> trouble_; ///< of the round under way
    bool whole_ = true;            ///< the round brought everything
    bool loaded_ = false;
    bool started_ = false;
    bool watched_ = false;
    bool accessWatched_ = false;
};

} // namespace iotman::ui
