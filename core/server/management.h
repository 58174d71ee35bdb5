// /api: a workspace managed over HTTP. One row per route; permissions are those of the model's table.
#pragma once

#include "core/model/changes.h"
#include "core/server/access.h"
#include "core/server/httprequest.h"
#include "core/server/servercontext.h"

#include <memory>
#include <span>
#include <variant>

namespace iotman::server {

inline constexpr std::size_t mostManagementBytes = 1024 * 1024;

/// How large a body is taken at a path below /api/: rows of imports and workspace files are larger than what people type.
std::size_t mostManagementBodyBytes(std::string_view path);

/// A request to a route, with who asks and the decoded `{id}` of its path.
struct ManagementCall {
    const HttpRequest& request;
    Identity identity;
    std::string id;
    Reply reply;
};

/// One per worker.
class Management {
public:
    using Handler = void (Management::*)(const ManagementCall&);
    /// What a request's body may hold; what has none to read takes `{}` or nothing, so that no wish is passed over in silence.
    enum class Takes { Members, Nothing };
    struct Route {
        std::string_view method;
        std::string_view path; ///< below /api/, `{id}` stands for one segment
        Action action;         ///< what the member must be allowed to do
        Handler handler;
        Takes takes = Takes::Members;
    };
    static std::span<const Route> routes();

    Management(ServerContext& context, Access& access);

    /// What `handle` would answer whatever the body is.
    std::optional<Response> refusal(const HttpRequest& request, std::string_view path);
    /// `path` is what stands below /api/, still encoded.
    void handle(const HttpRequest& request, std::string_view path, Reply reply);

    /// `GET /api/activity/events`: a reader for the fan-out (without its descriptor), or the refusal.
    std::variant<StreamStart, Response> streamActivity(const HttpRequest& request);

private:
    /// What a request asks for, and who sends it.
    struct Target {
        const Route* route = nullptr;
        std::string id; ///< the path's `{id}`, decoded; else empty
        Identity identity;
    };
    std::variant<Target, Response> targetOf(const HttpRequest& request, std::string_view path);

    using Change = std::function<Expected<void>(Catalog&, Sequence, const Author&)>;
    using Answer = std::function<Response(const Catalog&)>;
    /// Names of mirrors that were given a secret, which no difference of the catalog tells. Asked after the change.
    using GivenSecrets = std::function<std::vector<std::string>()>;

    void me(const ManagementCall& call);
    void getWorkspace(const ManagementCall& call);
    void patchWorkspace(const ManagementCall& call);
    void listScopes(const ManagementCall& call);
    void postScope(const ManagementCall& call);
    void getScope(const ManagementCall& call);
    void deleteScope(const ManagementCall& call);
    void listSources(const ManagementCall& call);
    void postSource(const ManagementCall& call);
    void getSource(const ManagementCall& call);
    void patchSource(const ManagementCall& call);
    void deleteSource(const ManagementCall& call);
    void listDatapoints(const ManagementCall& call);
    void getReplay(const ManagementCall& call);
    void stepReplay(const ManagementCall& call);
    void getMirror(const ManagementCall& call);
    void listOutputs(const ManagementCall& call);
    void postOutput(const ManagementCall& call);
    void testOutput(const ManagementCall& call);
    void getOutput(const ManagementCall& call);
    void patchOutput(const ManagementCall& call);
    void deleteOutput(const ManagementCall& call);
    void cancelApplying(const ManagementCall& call);
    void listEndpoints(const ManagementCall& call);
    void postEndpoint(const ManagementCall& call);
    void getEndpoint(const ManagementCall& call);
    void patchEndpoint(const ManagementCall& call);
    void deleteEndpoint(const ManagementCall& call);
    void listClients(const ManagementCall& call);
    void postClient(const ManagementCall& call);
    void getClient(const ManagementCall& call);
    void patchClient(const ManagementCall& call);
    void deleteClient(const ManagementCall& call);
    void postClientSecret(const ManagementCall& call);
    void postClientToken(const ManagementCall& call);
    void listMembers(const ManagementCall& call);
    void postMember(const ManagementCall& call);
    void getMember(const ManagementCall& call);
    void patchMember(const ManagementCall& call);
    void deleteMember(const ManagementCall& call);
    void postMemberKey(const ManagementCall& call);
    void postMemberToken(const ManagementCall& call);
    void getWorkspaceFile(const ManagementCall& call);
    void putWorkspaceFile(const ManagementCall& call);
    void getCors(const ManagementCall& call);
    void putCors(const ManagementCall& call);
    void listWeather(const ManagementCall& call);
    void getWeather(const ManagementCall& call);
    void putWeather(const ManagementCall& call);
    void deleteWeather(const ManagementCall& call);
    void getActivity(const ManagementCall& call);
    void getStreams(const ManagementCall& call);
    void getAudit(const ManagementCall& call);
    void rotateKeys(const ManagementCall& call);

    void listImports(const ManagementCall& call);
    void postImport(const ManagementCall& call);
    void getImport(const ManagementCall& call);
    void postImportRows(const ManagementCall& call);
    void commitImport(const ManagementCall& call);
    void deleteImport(const ManagementCall& call);
    void listSnapshots(const ManagementCall& call);
    void postSnapshot(const ManagementCall& call);
    void getSnapshot(const ManagementCall& call);
    void restoreSnapshot(const ManagementCall& call);
    void deleteSnapshot(const ManagementCall& call);
    void resetWorkspace(const ManagementCall& call);
    static Expected<Slug> snapshotNamed(const std::string& id);

    /// Answers with what `work` gives, on the background thread: what waits for the disk does not keep a worker.
    void behind(const ManagementCall& call, std::function<Response()> work);
    /// Runs `change` in the catalog's next version, journalled as the caller's; then answers. Both happen on the writer's thread,
    /// when the worker and all that is its own, this too, may be gone.
    void change(const ManagementCall& call, Change change, Answer answer, GivenSecrets secrets = {});
    /// The body as JSON. Errors: BadRequest.
    static Expected<Json> bodyOf(const ManagementCall& call);

    ServerContext& context_;
    Access& access_;
    std::unique_ptr<store::Reader> reader_;
};

} // namespace iotman::server
