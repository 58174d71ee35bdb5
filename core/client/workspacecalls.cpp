#include "core/client/workspacecalls.h"

#include "core/model/encoding.h"

#include <limits>
#include <set>

namespace iotman::client {

namespace {

/// Asks, and hands on what `read` makes of the answer's JSON.
template <class T, class Read>
Call asked(Management& management, const ApiRequest& request, QObject* context, Reply<T> reply, Read read)
{
    return management.request(request, context, [reply = std::move(reply), read](const Expected<Document>& answer) {
        reply(answer.and_then([&](const Document& document) {
            return parseJson(document.text).and_then(read).or_else([](const Error& error) -> Expected<T> {
                return fail(Problem::Internal, "The server's answer is not what the contract says: " + error.detail);
            });
        }));
    });
}

Expected<std::vector<std::string>> changesFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    std::vector<std::string> lines = reader.texts("changes");
    return reader.finish().map([&] { return lines; });
}

Expected<SnapshotView> snapshotFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    SnapshotView snapshot;
    snapshot.name = reader.parsed<Slug>("name");
    snapshot.createdAt = reader.time("created_at").value_or(Timestamp{});
    snapshot.bytes = reader.integer("bytes", 0, 0, std::numeric_limits<std::int64_t>::max());
    return reader.finish().map([&] { return snapshot; });
}

Expected<std::vector<SnapshotView>> snapshotsFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    std::vector<SnapshotView> all;
    const Json* data = reader.array("data");
    for (std::size_t i = 0; data && i < data->size(); ++i) {
        Expected<SnapshotView> one = snapshotFrom((*data)[i]);
        if (!one)
            return fail(one.error());
        all.push_back(std::move(*one));
    }
    return reader.finish().map([&] { return all; });
}

Expected<Timestamp> createdFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    const Timestamp createdAt = reader.time("created_at").value_or(Timestamp{});
    return reader.finish().map([&] { return createdAt; });
}

std::string below(const Slug& name)
{
    return "snapshots/" + percentEncoded(name.text);
}

/// Whatever the order of sources and of their members.
std::multiset<std::string> sourceTexts(const WorkspaceFile& file)
{
    std::multiset<std::string> texts;
    for (const SourceDraft& source : file.sources.value_or(std::vector<SourceDraft>()))
        texts.insert(nlohmann::json::parse(jsonText(toJson(source))).dump());
    return texts;
}

} // namespace

Expected<std::string> workspaceFileBody(std::string_view text, const WorkspaceFile& file, const Variables& variables)
{
    Json json = Json::parse(text, nullptr, false);
    const std::vector<WorkspaceFileClient> clients = file.clients.value_or(std::vector<WorkspaceFileClient>());
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const std::string& name = clients[i].secret.env;
        if (name.empty())
            continue;
        const Expected<std::string> hash = hashOfVariable(name, variables(name));
        if (!hash)
            return fail(hash.error().below("/clients/" + std::to_string(i)));
        json["clients"][i]["secret"] = {{"hash", *hash}};
    }
    const std::vector<SourceDraft> sources = file.sources.value_or(std::vector<SourceDraft>());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!sources[i].secret || sources[i].secret->env.empty())
            continue;
        const std::string& name = sources[i].secret->env;
        const Expected<std::string> value = outgoingSecretOfVariable(name, variables(name));
        if (!value)
            return fail(value.error().below("/sources/" + std::to_string(i)));
        json["sources"][i]["settings"]["secret"] = {{"value", *value}};
    }
    return jsonText(json);
}

std::string withoutSameSources(const std::string& body, std::string_view stored)
{
    const Expected<WorkspaceFile> wanted = parseWorkspaceFile(body);
    const Expected<WorkspaceFile> present = parseWorkspaceFile(stored);
    if (!wanted || !wanted->sources || !present || sourceTexts(*wanted) != sourceTexts(*present))
        return body;
    Json json = Json::parse(body, nullptr, false);
    json.erase("sources");
    return jsonText(json);
}

Call applyWorkspaceFile(Management& management, const std::string& body, Applying applying, QObject* context,
                        ReplyList<std::string> reply)
{
    const char* path = applying == Applying::DryRun ? "workspace/file?dry_run=1" : "workspace/file";
    return asked<std::vector<std::string>>(management, {"PUT", path, body, {}}, context, std::move(reply), changesFrom);
}

Call exportWorkspaceFile(Management& management, QObject* context, Reply<std::string> reply)
{
    return management.request({"GET", "workspace/file", {}, {}}, context, [reply = std::move(reply)](Expected<Document> file) {
        reply(std::move(file).map([](Document&& document) { return std::move(document.text); }));
    });
}

Call snapshots(Management& management, QObject* context, ReplyList<SnapshotView> reply)
{
    return asked<std::vector<SnapshotView>>(management, {"GET", "snapshots", {}, {}}, context, std::move(reply), snapshotsFrom);
}

Call saveSnapshot(Management& management, const Slug& name, QObject* context, Reply<SnapshotView> reply)
{
    return asked<SnapshotView>(management, {"POST", "snapshots", jsonText({{"name", name.text}}), {}}, context, std::move(reply),
                               snapshotFrom);
}

Call restoreSnapshot(Management& management, const Slug& name, QObject* context, Reply<SnapshotView> reply)
{
    return asked<SnapshotView>(management, {"POST", below(name) + "/restore", {}, {}}, context, std::move(reply), snapshotFrom);
}

Call deleteSnapshot(Management& management, const Slug& name, QObject* context, Reply<void> reply)
{
    return management.request(
        {"DELETE", below(name), {}, {}}, context,
        [reply = std::move(reply)](const Expected<Document>& done) { reply(done.map([](const Document&) {})); });
}

Call resetWorkspace(Management& management, QObject* context, Reply<Timestamp> reply)
{
    return asked<Timestamp>(management, {"POST", "snapshots/reset", {}, {}}, context, std::move(reply), createdFrom);
}

} // namespace iotman::client
