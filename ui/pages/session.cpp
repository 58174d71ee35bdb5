#include "ui/pages/session.h"

#include "core/client/text.h"
#include "ui/pages/words.h"

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr std::chrono::seconds refreshEvery(2);

} // namespace

Session::Session(ConnectionInfo connection, const Clock& clock, Random& random, client::NetworkSettings network, QObject* parent)
    : QObject(parent)
    , connection_(std::move(connection))
    , clock_(clock)
    , network_(std::move(network))
    , tokens_(network_, clock, connection_.credentials())
    , management_(network_, tokens_, clock, connection_.server())
    , backoff_({refreshEvery, std::chrono::seconds(30), std::chrono::seconds(30)}, random)
{
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &Session::readAll);
    connect(&tokens_, &client::TokenSource::changed, this, [this] { Q_EMIT tokenChanged(tokens_.expiresAt()); });
}

Session::~Session() = default;

std::optional<Role> Session::role() const
{
    if (viewedAs_)
        return viewedAs_;
    return me_ ? std::optional(me_->role) : std::nullopt;
}

Permit Session::permit(Action action) const
{
    if (!hasWorkspace())
        return {false, tr("This connection only reads one endpoint.")};
    const std::optional<Role> current = role();
    if (!current || state_.phase == Phase::Connecting)
        return {false, tr("Not connected yet.")};
    if (!iotman::may(*current, action))
        return {false, requirementText(action)};
    if (state_.phase != Phase::Running)
        return {false, tr("Not connected: %1").arg(state_.reason)};
    return {true, {}};
}

QString Session::workspaceName() const
{
    return me_ ? client::toQt(me_->workspaceName) : connection_.name;
}

QString Session::workspaceId() const
{
    return me_ ? client::toQt(me_->workspaceId) : QString();
}

client::EndpointAddress Session::addressOf(const EndpointView& endpoint) const
{
    return client::EndpointAddress::onServer(connection_.server(), endpoint.endpoint.id, QUrl(client::toQt(endpoint.url)));
}

void Session::start()
{
    started_ = true;
    refresh();
}

void Session::setWatched(bool watched)
{
    if (watched == watched_)
        return;
    watched_ = watched;
    if (!watched)
        timer_.stop();
    else if (started_ && awaited_ == 0 && state_.phase != Phase::SignInNeeded && state_.phase != Phase::Failed)
        readAll();
}

void Session::setAccessWatched(bool watched)
{
    const bool begins = watched && !accessWatched_;
    accessWatched_ = watched;
    if (begins && watched_ && started_ && (state_.phase == Phase::Running || state_.phase == Phase::Connecting))
        readAll();
}

/// The reply that keeps a value with `keep` and counts the answer.
template <class T>
auto Session::took(void (Session::*keep)(T))
{
    ++awaited_;
    return [this, keep](Expected<T> result) {
        if (result)
            (this->*keep)(std::move(*result));
        answered(result ? std::nullopt : std::optional(result.error()));
    };
}

void Session::refresh()
{
    tokens_.tryAgain();
    readAll();
}

void Session::signIn(const client::Secret& key)
{
    connection_.key = key;
    tokens_.setCredentials(connection_.credentials());
    if (started_)
        readAll();
}

void Session::signOut()
{
    connection_.key = {};
    tokens_.setCredentials(connection_.credentials());
    readAll();
}

bool Session::isAnonymous() const
{
    return !hasWorkspace() && connection_.email.isEmpty();
}

void Session::readAll()
{
    timer_.stop();
    // What is on its way may be older than the change that asks for this round.
    for (client::Call& call : calls_)
        call.cancel();
    calls_.clear();
    awaited_ = 0;
    trouble_.reset();
    whole_ = true;
    if (connection_.lacksSecret()) {
        setState({Phase::SignInNeeded, std::nullopt,
                  connection_.email.isEmpty() ? tr("Sign in to go on.") : tr("Sign in as %1 to go on.").arg(connection_.email)});
        return;
    }
    if (!hasWorkspace())
        return readEndpoint();
    calls_ = {
        management_.me(this, took(&Session::keepMe)),           management_.endpoints(this, took(&Session::keepEndpoints)),
        management_.outputs(this, took(&Session::keepOutputs)), management_.scopes(this, took(&Session::keepScopes)),
        management_.cors(this, took(&Session::keepCors)),       management_.sources(this, took(&Session::keepSources)),
        management_.clients(this, took(&Session::keepClients)), readWeather(),
    };
    if (accessWatched_) {
        calls_.push_back(management_.members(this, took(&Session::keepMembers)));
        calls_.push_back(management_.workspace(this, took(&Session::keepWorkspace)));
    }
}

/// A server that is older than this program has none.
client::Call Session::readWeather()
{
    return management_.weather(this, [keep = took(&Session::keepWeather)](Expected<std::vector<WeatherView>> weather) {
        const bool isUnknown = !weather && weather.error().kind == Problem::NotFound;
        keep(isUnknown ? std::vector<WeatherView>() : std::move(weather));
    });
}

/// All that is known of an endpoint by its address is what its newest page says.
void Session::readEndpoint()
{
    const Expected<EndpointPlace> place = endpointPlace(connection_.url);
    if (!place) {
        setState({Phase::Failed, std::nullopt, errorText(place.error())});
        return;
    }
    if (!reader_)
        reader_ = std::make_unique<client::PageReader>(network_, dataTokens(),
                                                       client::EndpointAddress::onServer(place->server, place->id));
    client::PageQuery newest;
    newest.limit = 1;
    const auto keep = took(&Session::keepNewest);
    calls_ = {reader_->read(newest, this, [keep](Expected<client::PageAnswer> answer) {
        keep(answer ? std::move(answer->page) : Expected<client::Page>(fail(answer.error())));
    })};
}

void Session::keepNewest(client::Page page)
{
    const client::EndpointAddress& address = reader_->address();
    EndpointView view = endpoints_.empty() ? EndpointView() : endpoints_.front();
    view.endpoint.id = address.id;
    view.outputName.text = client::fromQt(connection_.name);
    view.url = client::fromQt(address.page.toString());
    view.streamUrl = client::fromQt(address.stream.toString());
    if (!page.items.empty())
        view.lastItemAt = page.items.front().time;
    endpoints_ = {view};
}

void Session::keepMe(Me me)
{
    const std::optional<Role> before = role();
    // An answer to a token with a lower role tells that role; one's own is what came without one.
    if (!tokens_.role())
        ownRole_ = me.role;
    viewedAs_.reset();
    me_ = std::move(me);
    if (role() != before)
        Q_EMIT roleChanged(role());
}

void Session::keepEndpoints(std::vector<EndpointView> endpoints)
{
    endpoints_ = std::move(endpoints);
}

void Session::keepOutputs(std::vector<OutputView> outputs)
{
    outputs_ = std::move(outputs);
    rates_.sample(clock_.now(), outputs_);
}

void Session::keepScopes(std::vector<ScopeView> scopes)
{
    scopes_ = std::move(scopes);
}

void Session::keepCors(client::Tagged<CorsView> cors)
{
    cors_ = std::move(cors);
}

void Session::keepSources(std::vector<SourceView> sources)
{
    sources_ = std::move(sources);
}

void Session::keepClients(std::vector<ClientView> clients)
{
    clients_ = std::move(clients);
}

void Session::keepWeather(std::vector<WeatherView> weather)
{
    weather_ = std::move(weather);
}

void Session::keepMembers(std::vector<MemberView> members)
{
    members_ = std::move(members);
}

void Session::keepWorkspace(client::Tagged<WorkspaceView> workspace)
{
    workspace_ = std::move(workspace.value);
}

void Session::answered(const std::optional<Error>& error)
{
    whole_ = whole_ && !error;
    if (error && !trouble_ && isAboutConnection(*error))
        trouble_ = error;
    if (--awaited_ == 0)
        finished();
}

void Session::finished()
{
    calls_.clear();
    const ConnectionState next = stateAfter(state_, trouble_, clock_.now());
    if (watched_ && next.phase == Phase::Running) {
        backoff_.received();
        timer_.start(refreshEvery);
    } else if (watched_ && next.phase == Phase::Offline) {
        timer_.start(backoff_.lost(clock_.now()));
    }
    loaded_ = loaded_ || whole_;
    setState(next);
    Q_EMIT listsChanged();
}

void Session::setState(ConnectionState state)
{
    if (state == state_)
        return;
    state_ = std::move(state);
    Q_EMIT stateChanged(state_);
}

void Session::viewAs(Role role)
{
    if (!ownRole_ || role > *ownRole_)
        return;
    const std::optional<Role> before = this->role();
    viewedAs_ = role;
    tokens_.setRole(role == *ownRole_ ? std::nullopt : std::optional(role));
    if (this->role() != before)
        Q_EMIT roleChanged(role);
    refresh();
}

/// A change was made: the lists show it at once, and what else it changed comes with the next round.
void Session::changed()
{
    Q_EMIT listsChanged();
    refresh();
}

// The changes below hand the reply on last: it may close what asked.

client::Call Session::createEndpoint(const EndpointDraft& draft, QObject* context, client::Reply<EndpointView> reply)
{
    return management_.createEndpoint(draft, context, [this, reply = std::move(reply)](Expected<EndpointView> made) {
        if (made) {
            endpoints_.push_back(*made);
            changed();
        }
        reply(std::move(made));
    });
}

client::Call Session::changeEndpoint(const EndpointId& id, const EndpointPatch& patch, QObject* context,
                                     client::Reply<EndpointView> reply)
{
    return management_.changeEndpoint(id, patch, {}, context, [this, reply = std::move(reply)](Expected<EndpointView> now) {
        if (now) {
            for (EndpointView& view : endpoints_) {
                if (view.endpoint.id == now->endpoint.id)
                    view = *now;
            }
            changed();
        }
        reply(std::move(now));
    });
}

client::Call Session::deleteEndpoint(const EndpointId& id, QObject* context, client::Reply<void> reply)
{
    return management_.deleteEndpoint(id, context, [this, id, reply = std::move(reply)](Expected<void> done) {
        if (done) {
            std::erase_if(endpoints_, [&](const EndpointView& view) { return view.endpoint.id == id; });
            changed();
        }
        reply(std::move(done));
    });
}

client::Call Session::saveCors(const std::vector<std::string>& origins, const std::string& etag, QObject* context,
                               client::Reply<client::Tagged<CorsView>> reply)
{
    return management_.saveCors(origins, etag, context,
                                [this, reply = std::move(reply)](Expected<client::Tagged<CorsView>> saved) {
                                    if (saved) {
                                        cors_ = *saved;
                                        changed();
                                    }
                                    reply(std::move(saved));
                                });
}

const EndpointView* Session::servedBy(const OutputId& output) const
{
    const auto found = std::find_if(endpoints_.begin(), endpoints_.end(), [&](const EndpointView& view) {
        return view.endpoint.output == output && view.endpoint.enabled;
    });
    return found == endpoints_.end() ? nullptr : &*found;
}

client::Call Session::latestItem(const OutputId& output, QObject* context, client::Reply<std::optional<client::Item>> reply)
{
    const EndpointView* endpoint = servedBy(output);
    if (!endpoint) {
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply)] { reply(std::optional<client::Item>()); }, Qt::QueuedConnection);
        return {};
    }
    auto* reader = new client::PageReader(network_, &tokens_, addressOf(*endpoint), context);
    client::PageQuery newest;
    newest.limit = 1;
    return reader->read(newest, context, [reader, reply = std::move(reply)](Expected<client::PageAnswer> answer) {
        reader->deleteLater();
        const Expected<client::Page> page = answer ? std::move(answer->page) : Expected<client::Page>(fail(answer.error()));
        reply(page.map(
            [](const client::Page& read) { return read.items.empty() ? std::nullopt : std::optional(read.items.front()); }));
    });
}

} // namespace iotman::ui
