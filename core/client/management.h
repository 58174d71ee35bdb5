// The management API of a workspace, call by call.
#pragma once

#include "core/client/audit.h"
#include "core/client/authorized.h"
#include "core/client/patchjson.h"
#include "core/model/resources.h"
#include "core/model/testweather.h"

#include <string>
#include <vector>

namespace iotman::client {

/// A single resource and its entity tag, for the `If-Match` of the next change.
template <class T>
struct Tagged {
    T value;
    std::string etag; ///< empty where the server gave none
};

/// An answer of the management API: its JSON as text (empty for 204) and its entity tag.
struct Document {
    std::string text;
    std::string etag;
};

/// One call of the management API by hand, for what has no function of its own.
struct ApiRequest {
    QByteArray method = "GET";
    std::string path; ///< below `/api`, with what follows `?`: `activity?limit=50`
    std::string body; ///< JSON text, or nothing
    std::string ifMatch;
};

/// A try of a rule on one payload.
struct RuleTest {
    std::string rule;
    std::string filter;  ///< empty: none
    std::string payload; ///< JSON text, sent as it is
    std::optional<Timestamp> time;
    std::string source;
};

struct RuleOutcome {
    bool passes = false;
    std::string item;           ///< JSON text, its bytes as the server made them; empty where there is none
    std::optional<Error> error; ///< of the filter where `passes` is false, of the rule else; with its column
};

/// A token that the server made without the client's secret.
struct MintedToken {
    Secret text;
    Timestamp expiresAt;
};

template <class T>
using ReplyList = Reply<std::vector<T>>;

/// Talks to `/api` of one server as one member. Lists are read to their end, over at most 1,000 pages, each on the server's own
/// origin. Errors of all calls: those of the sign-in; Unavailable without an answer; PreconditionFailed when `etag` is out of
/// date; Forbidden with the sentence of the role that is missing; Internal for an answer that the contract does not know;
/// else as the server says, with `field` and `column`. At most 4 MiB an answer.
class Management : public QObject {
public:
    /// `server` as parseServerUrl gives it. `network` and `tokens` must outlive this; `clock` dates minted tokens.
    Management(Network& network, TokenSource& tokens, const Clock& clock, QUrl server, QObject* parent = nullptr);

    const QUrl& server() const { return server_; }
    /// The base URL that the workspace has; the server's own links begin with it.
    void setPublicUrl(const QUrl& url) { public_ = url; }

    Call me(QObject* context, Reply<Me> reply);
    Call workspace(QObject* context, Reply<Tagged<WorkspaceView>> reply);
    Call changeWorkspace(const WorkspacePatch& patch, const std::string& etag, QObject* context,
                         Reply<Tagged<WorkspaceView>> reply);

    Call scopes(QObject* context, ReplyList<ScopeView> reply);
    Call createScope(const ScopeDraft& draft, QObject* context, Reply<ScopeView> reply);
    Call deleteScope(const ScopeName& name, QObject* context, Reply<void> reply);

    Call sources(QObject* context, ReplyList<SourceView> reply);
    Call createSource(const SourceDraft& draft, QObject* context, Reply<SourceView> reply);
    Call changeSource(const SourceName& name, const SourcePatch& patch, const std::string& etag, QObject* context,
                      Reply<SourceView> reply);
    Call deleteSource(const SourceName& name, QObject* context, Reply<void> reply);

    Call outputs(QObject* context, ReplyList<OutputView> reply);
    Call createOutput(const OutputDraft& draft, QObject* context, Reply<OutputView> reply);
    Call changeOutput(const OutputId& id, const OutputPatch& patch, const std::string& etag, QObject* context,
                      Reply<OutputView> reply);
    Call deleteOutput(const OutputId& id, QObject* context, Reply<void> reply);
    Call cancelApplying(const OutputId& id, QObject* context, Reply<void> reply);
    Call testRule(const RuleTest& test, QObject* context, Reply<RuleOutcome> reply);

    Call endpoints(QObject* context, ReplyList<EndpointView> reply);
    Call endpoint(const EndpointId& id, QObject* context, Reply<Tagged<EndpointView>> reply);
    Call createEndpoint(const EndpointDraft& draft, QObject* context, Reply<EndpointView> reply);
    Call changeEndpoint(const EndpointId& id, const EndpointPatch& patch, const std::string& etag, QObject* context,
                        Reply<EndpointView> reply);
    Call deleteEndpoint(const EndpointId& id, QObject* context, Reply<void> reply);

    Call weather(QObject* context, ReplyList<WeatherView> reply);
    /// In place of what the endpoint has.
    Call startWeather(const EndpointId& endpoint, const WeatherDraft& draft, QObject* context, Reply<WeatherView> reply);
    Call endWeather(const EndpointId& endpoint, QObject* context, Reply<void> reply);

    Call clients(QObject* context, ReplyList<ClientView> reply);
    Call createClient(const ClientDraft& draft, QObject* context, Reply<ClientView> reply);
    Call changeClient(const ClientId& id, const ClientPatch& patch, const std::string& etag, QObject* context,
                      Reply<ClientView> reply);
    Call deleteClient(const ClientId& id, QObject* context, Reply<void> reply);
    Call renewSecret(const ClientId& id, QObject* context, Reply<ClientView> reply);
    Call mintToken(const ClientId& id, QObject* context, Reply<MintedToken> reply);

    Call members(QObject* context, ReplyList<MemberView> reply);
    Call createMember(const MemberDraft& draft, QObject* context, Reply<MemberView> reply);
    Call changeMember(const MemberId& id, const MemberPatch& patch, const std::string& etag, QObject* context,
                      Reply<MemberView> reply);
    Call deleteMember(const MemberId& id, QObject* context, Reply<void> reply);
    Call renewKey(const MemberId& id, QObject* context, Reply<MemberView> reply);

    Call cors(QObject* context, Reply<Tagged<CorsView>> reply);
    Call saveCors(const std::vector<std::string>& origins, const std::string& etag, QObject* context,
                  Reply<Tagged<CorsView>> reply);

    /// The newest entries of the audit log, or the older ones that a page before names as next.
    Call audit(const std::optional<std::string>& nextPage, QObject* context, Reply<AuditPage> reply);
    /// The key id of a new signing key.
    Call rotateKeys(QObject* context, Reply<std::string> reply);

    /// Any call below `/api`. An answer that is no success is an error.
    Call request(const ApiRequest& request, QObject* context, Reply<Document> reply);
    /// The path and query below `/api` that `link`, a `next_page` in the answer to `path`, stands for. Errors: Forbidden
    /// elsewhere.
    Expected<std::string> nextPath(const std::string& path, const std::string& link) const;

private:
    template <class T>
    using Read = Expected<T> (*)(const Json&);

    template <class T>
    Call one(const ApiRequest& request, Read<T> read, QObject* context, Reply<Tagged<T>> reply);
    template <class T>
    Call plain(const ApiRequest& request, Read<T> read, QObject* context, Reply<T> reply);
    template <class T>
    Call all(const std::string& path, Read<T> read, QObject* context, ReplyList<T> reply);
    template <class T>
    struct Gathering;
    template <class T>
    void gather(const std::string& path, const std::shared_ptr<Gathering<T>>& list);
    template <class T>
    Call refused(const Error& error, QObject* context, Reply<T> reply);
    Call nothing(const ApiRequest& request, QObject* context, Reply<void> reply);
    QUrl urlOf(const QUrl& server, const std::string& path) const;

    const Clock& clock_;
    QUrl server_;
    QUrl public_;
    Authorized http_;
};

} // namespace iotman::client
