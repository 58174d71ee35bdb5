// What a workspace is made of, as values. Each resource has one JSON mapping, in the file of its name's .cpp.
#pragma once

#include "core/model/corsorigin.h"
#include "core/model/cursor.h"
#include "core/model/json.h"
#include "core/model/mirrorsettings.h"
#include "core/model/names.h"
#include "core/model/permissions.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// The numbers by which the store knows sources and outputs: never used twice in a workspace.
using SourceKey = std::int64_t;
using OutputKey = std::int64_t;

struct Made {
    Timestamp at;
    std::string by; ///< e-mail of the member, or what made it ("workspace file")

    bool operator==(const Made&) const = default;
};

struct Workspace {
    std::string id; ///< UUID
    Slug slug{"workspace"};
    std::string name;
    Timestamp createdAt;

    bool operator==(const Workspace&) const = default;
};

struct Scope {
    ScopeName name;
    std::string description;
    Made made;

    bool operator==(const Scope&) const = default;
};

enum class SourceKind { Http, File, System, Generator, Replay, Mirror };
std::string_view text(SourceKind kind);

struct Source {
    SourceKey key = 0;
    SourceName name;
    SourceKind kind = SourceKind::Http;
    Json settings = Json::object();
    std::optional<std::string> time; ///< expression of the rule language; nothing: the time of arrival
    std::optional<ScopeName> requiredScope;
    bool enabled = true;
    Made made;

    bool operator==(const Source&) const = default;
};

/// An output at work on datapoints that are stored already, by the rules that it had when this began.
struct Applying {
    OutputKey key = 0;  ///< the generation that gets the items: the served one of a new output, else one that grows beside it
    Sequence until = 0; ///< datapoints up to here; what comes later goes into the generation as it comes
    std::vector<SourceName> sources;
    std::string filter;
    std::string rule;
    bool holdsOthers = false; ///< as Output's, of the generation

    bool operator==(const Applying&) const = default;
};

struct Output {
    OutputKey key = 0; ///< of the generation of items that is served
    OutputId id;
    OutputName name;
    std::vector<SourceName> sources; ///< empty: all
    std::string filter;              ///< empty: none
    std::string rule;
    std::optional<Applying> applying; ///< nothing when that is done
    Made made;
    bool holdsOthers = false; ///< it has items of sources that it reads no longer

    bool operator==(const Output&) const = default;
};

/// `output` by its present rules on datapoints up to `until`, into `key`.
inline Applying applyingTo(const Output& output, OutputKey key, Sequence until)
{
    return {key, until, output.sources, output.filter, output.rule, false};
}

struct Endpoint {
    EndpointId id;
    OutputId output;
    std::optional<ScopeName> requiredScope; ///< nothing: public read access
    bool enabled = true;
    Made made;

    bool operator==(const Endpoint&) const = default;
};

struct Client {
    ClientId id;
    std::string name;
    std::vector<ScopeName> scopes;
    bool enabled = true;
    std::optional<Timestamp> expiresAt;
    std::string secretHash; ///< SHA-256 in base64url; never leaves the server but in an export
    Made made;

    bool operator==(const Client&) const = default;
};

struct Member {
    MemberId id;
    Email email;
    Role role = Role::Viewer;
    std::string keyHash; ///< as a client's
    std::string keyId;   ///< another one with each key, no secret: tokens got with one end with it. Empty for keys of before
    Timestamp createdAt;

    bool operator==(const Member&) const = default;
};

// ---- What the store keeps: the whole value, hashes included.

Json storedJson(const Workspace& workspace);
Json storedJson(const Scope& scope);
Json storedJson(const Source& source);
Json storedJson(const Output& output);
Json storedJson(const Endpoint& endpoint);
Json storedJson(const Client& client);
Json storedJson(const Member& member);
Json storedJson(const CorsOrigins& origins);

Expected<Workspace> workspaceFromStored(const Json& json);
Expected<Scope> scopeFromStored(const Json& json);
Expected<Source> sourceFromStored(const Json& json);
Expected<Output> outputFromStored(const Json& json);
Expected<Endpoint> endpointFromStored(const Json& json);
Expected<Client> clientFromStored(const Json& json);
Expected<Member> memberFromStored(const Json& json);
Expected<CorsOrigins> corsFromStored(const Json& json);

// ---- What /api answers: the value and what is known of it at the moment. Members that a newer server adds are ignored.

struct Me {
    Email email;
    Role role = Role::Viewer;
    std::string workspaceId;
    Slug slug;
    std::string workspaceName;
};

struct WorkspaceView {
    Workspace workspace;
    std::string baseUrl;
    std::string contract; ///< "extended" or "hosted"
};

struct ScopeView {
    Scope scope;
    std::vector<std::string> endpoints; ///< ids of what uses it
    std::vector<std::string> clients;
    std::vector<std::string> sources;
};

struct SourceView {
    Source source;
    std::optional<std::string> ingestUrl; ///< of kind http alone
    std::int64_t datapoints = 0;
    std::optional<Timestamp> lastDatapointAt;
};

struct OutputFailure {
    Timestamp at;
    std::string detail;
    std::string payload; ///< JSON text

    bool operator==(const OutputFailure&) const = default;
};

struct OutputView {
    Output output;
    std::int64_t items = 0;
    std::int64_t skipped = 0; ///< datapoints that the filter left out
    std::int64_t failed = 0;
    std::optional<OutputFailure> lastError;
    std::optional<Timestamp> lastItemAt;
    std::optional<std::pair<std::int64_t, std::int64_t>> applying; ///< done, total
};

struct EndpointView {
    Endpoint endpoint;
    OutputName outputName;
    std::string url;
    std::string streamUrl;
    std::string eventsUrl;
    std::optional<Timestamp> lastItemAt;
    std::int64_t streams = 0;
    std::optional<Timestamp> lastReadAt;
};

struct ClientView {
    Client client;
    std::optional<Timestamp> lastUsedAt;
    std::optional<std::string> secret; ///< only in the answer that made it
};

struct MemberView {
    Member member;
    std::optional<Timestamp> lastSeenAt;
    std::optional<std::string> key; ///< only in the answer that made it
};

struct CorsView {
    CorsOrigins origins;
    std::vector<CorsRepair> repairs; ///< in the answer to PUT alone
};

Json toJson(const Me& me);
Json toJson(const WorkspaceView& view);
Json toJson(const ScopeView& view);
Json toJson(const SourceView& view);
Json toJson(const OutputView& view);
Json toJson(const EndpointView& view);
Json toJson(const ClientView& view);
Json toJson(const MemberView& view);
enum class WithRepairs { No, Yes };
Json toJson(const CorsView& view, WithRepairs repairs);

Expected<Me> meFrom(const Json& json);
Expected<WorkspaceView> workspaceViewFrom(const Json& json);
Expected<ScopeView> scopeViewFrom(const Json& json);
Expected<SourceView> sourceViewFrom(const Json& json);
Expected<OutputView> outputViewFrom(const Json& json);
Expected<EndpointView> endpointViewFrom(const Json& json);
Expected<ClientView> clientViewFrom(const Json& json);
Expected<MemberView> memberViewFrom(const Json& json);
Expected<CorsView> corsViewFrom(const Json& json);

// ---- What a POST or PATCH asks. Members that are not known are refused.

struct ScopeDraft {
    ScopeName name;
    std::string description;
};
Expected<ScopeDraft> scopeDraftFrom(const Json& json);
Json toJson(const ScopeDraft& draft);

struct SourceDraft {
    SourceName name;
    SourceKind kind = SourceKind::Http;
    Json settings = Json::object();
    std::optional<std::string> time;
    std::optional<ScopeName> requiredScope;
    bool enabled = true;
    /// Of a mirror, where a new one is given; the settings then say that it is set, and no catalog holds it.
    std::optional<OutgoingSecret> secret = {};
};
/// `path` in a file's settings, and a mirror's secret by the name of a variable, are for workspace files and the command line; the
/// API refuses them.
enum class FilePath { Refused, Allowed };
Expected<SourceDraft> sourceDraftFrom(const Json& json, FilePath path);
Json toJson(const SourceDraft& draft);

struct SourcePatch {
    std::optional<Json> settings;
    std::optional<std::optional<std::string>> time;
    std::optional<std::optional<ScopeName>> requiredScope;
    std::optional<bool> enabled;
    std::optional<OutgoingSecret> secret = {}; ///< as a draft's
};
/// Of the source as it is `now`. A file's `path` may stand there as it is.
Expected<SourcePatch> sourcePatchFrom(const Json& json, const Source& now);

struct OutputDraft {
    std::optional<OutputId> id;
    OutputName name;
    std::vector<SourceName> sources;
    std::string filter;
    std::string rule;
    bool applyToStored = true;
};
Expected<OutputDraft> outputDraftFrom(const Json& json);
Json toJson(const OutputDraft& draft);

struct OutputPatch {
    std::optional<OutputName> name;
    std::optional<std::vector<SourceName>> sources;
    std::optional<std::string> filter;
    std::optional<std::string> rule;
    bool applyToStored = false;
};
Expected<OutputPatch> outputPatchFrom(const Json& json);

struct EndpointDraft {
    std::string output; ///< id or name
    std::optional<ScopeName> requiredScope;
    std::optional<EndpointId> id; ///< nothing: a new UUID
    bool enabled = true;
};
Expected<EndpointDraft> endpointDraftFrom(const Json& json);
Json toJson(const EndpointDraft& draft);

struct EndpointPatch {
    std::optional<std::string> output;
    std::optional<std::optional<ScopeName>> requiredScope;
    std::optional<bool> enabled;
};
Expected<EndpointPatch> endpointPatchFrom(const Json& json);
Json toJson(const EndpointPatch& patch);

struct ClientDraft {
    std::optional<ClientId> id;
    std::string name;
    std::vector<ScopeName> scopes;
    bool enabled = true;
    std::optional<Timestamp> expiresAt;
};
Expected<ClientDraft> clientDraftFrom(const Json& json);
Json toJson(const ClientDraft& draft);

struct ClientPatch {
    std::optional<std::string> name;
    std::optional<std::vector<ScopeName>> scopes;
    std::optional<bool> enabled;
    std::optional<std::optional<Timestamp>> expiresAt;
};
Expected<ClientPatch> clientPatchFrom(const Json& json);

struct MemberDraft {
    Email email;
    Role role = Role::Viewer;
};
Expected<MemberDraft> memberDraftFrom(const Json& json);

struct MemberPatch {
    std::optional<Role> role;
};
Expected<MemberPatch> memberPatchFrom(const Json& json);

struct WorkspacePatch {
    std::optional<Slug> slug;
    std::optional<std::string> name;
};
Expected<WorkspacePatch> workspacePatchFrom(const Json& json);

Expected<CorsDraft> corsDraftFrom(const Json& json);

// ---- Lists: `{"data":[…],"next_page":null|url}`.

template <class View>
struct ListOf {
    std::vector<View> data;
    std::optional<std::string> nextPage;
};

template <class View>
Json listJson(const std::vector<View>& views)
{
    Json data = Json::array();
    for (const View& view : views)
        data.push_back(toJson(view));
    return {{"data", std::move(data)}, {"next_page", nullptr}};
}

template <class View>
Expected<ListOf<View>> listFrom(const Json& json, Expected<View> (*read)(const Json&))
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    ListOf<View> list;
    const Json* data = reader.array("data");
    list.nextPage = reader.optionalText("next_page");
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    for (std::size_t i = 0; data && i < data->size(); ++i) {
        Expected<View> view = read((*data)[i]);
        if (!view)
            return fail(view.error());
        list.data.push_back(std::move(*view));
    }
    return list;
}

} // namespace iotman
