// /api/workspace/file: the whole workspace as one text, read and applied. What the command line's `export` and `apply` ask.
#include "core/model/query.h"
#include "core/model/workspacefile.h"
#include "core/pipeline/namedfiles.h"
#include "core/pipeline/retention.h"
#include "core/server/managementanswers.h"
#include "core/server/outgoingsecrets.h"

namespace iotman::server {

namespace {

/// Over HTTP nothing of this computer is read: no environment, no files. Only who can read the folder's key may keep a file's
/// path in a source, and even then the server reads no file.
Expected<WorkspaceFile> fileFrom(const ManagementCall& call)
{
    if (call.request.body.empty())
        return fail(Problem::BadRequest, "expected a workspace file as the body, but it is empty");
    Expected<WorkspaceFile> file = parseWorkspaceFile(call.request.body);
    const bool isCommandLine = call.identity.claims.subject == commandLineSubject;
    for (std::size_t i = 0; file && file->sources && !isCommandLine && i < file->sources->size(); ++i) {
        if ((*file->sources)[i].settings.contains("path"))
            return fail(Error{Problem::BadRequest, "settings: “path” is for the command line; send rows to /api/imports",
                              "settings", 0, "/sources/" + std::to_string(i) + "/settings/path"});
    }
    return file;
}

using CheckSource = std::function<Expected<void>(const SourceDraft&)>;

/// What a file makes of a catalog.
struct Applied {
    std::vector<std::string> lines;
    std::vector<NewOutgoingSecret> secrets;
};

Expected<Applied> apply(Catalog& catalog, const WorkspaceFile& file, const Author& author, Sequence last, const CheckSource& check)
{
    const Catalog before = catalog;
    Applied applied;
    const WorkspaceFileContext context{author, last, [](const std::string&) { return std::nullopt; }, pipeline::checkRules, check,
                                       [&](NewOutgoingSecret secret) { applied.secrets.push_back(std::move(secret)); }};
    return applyWorkspaceFile(catalog, file, context).map([&] {
        applied.lines = differenceLines(before, catalog);
        return std::move(applied);
    });
}

Expected<bool> isDryRun(const ManagementCall& call)
{
    const auto given = QueryParameters::parse(call.request.head.query()).once("dry_run");
    if (!given)
        return fail(given.error());
    if (!*given)
        return false;
    if (**given != "0" && **given != "1")
        return fail(Problem::BadRequest, "dry_run: expected 0 or 1", "dry_run");
    return **given == "1";
}

Response changesAnswer(const std::vector<std::string>& lines)
{
    return jsonResponse(200, {{"changes", lines}});
}

} // namespace

void Management::getWorkspaceFile(const ManagementCall& call)
{
    Response response{200, {}, exportWorkspaceFile(*context_.store.catalog())};
    response.with("Content-Type", "application/json");
    call.reply(uncached(withTag(std::move(response), Json(response.body))));
}

void Management::putWorkspaceFile(const ManagementCall& call)
{
    const Expected<bool> dryRun = isDryRun(call);
    const Expected<WorkspaceFile> file = dryRun ? fileFrom(call) : Expected<WorkspaceFile>(fail(dryRun.error()));
    if (!file) {
        call.reply(problemResponse(file.error()));
        return;
    }
    const CheckSource check = [isOwn = context_.isOwn](const SourceDraft& draft) {
        return pipeline::checkTime(draft.time).and_then([&] { return pipeline::checkFileSettings(draft.kind, draft.settings); }).and_then([&] {
            return draft.kind == SourceKind::Mirror ? checkMirrorUrl(draft.settings, isOwn) : Expected<void>();
        });
    };
    if (*dryRun) {
        Catalog catalog = *context_.store.catalog();
        const auto applied = apply(catalog, *file, Author{call.identity.who, context_.clock.now(), context_.random}, 0, check);
        call.reply(applied ? changesAnswer(applied->lines) : problemResponse(applied.error()));
        return;
    }
    if (file->sources)
        pipeline::expireBeforeChange(context_.store, *reader_, *context_.store.catalog(), *file->sources, context_.clock.now());
    const auto lines = std::make_shared<std::vector<std::string>>();
    const auto given = std::make_shared<std::vector<std::string>>(); // mirrors that have a new secret
    change(
        call,
        [file = *file, lines, given, check, match = Preconditions(call), &secrets = *context_.secrets](Catalog& catalog, Sequence last, const Author& author) {
            if (match.given()) {
                if (auto seen = match.check(Json(exportWorkspaceFile(catalog))); !seen)
                    return seen;
            }
            return apply(catalog, file, author, last, check).and_then([&](Applied applied) {
                *lines = std::move(applied.lines);
                given->clear(); // where it is tried once more
                for (const NewOutgoingSecret& secret : applied.secrets)
                    given->push_back(catalog.sourceByKey(secret.source)->name.text);
                return secrets.keep(catalog, applied.secrets);
            });
        },
        [lines](const Catalog&) { return changesAnswer(*lines); }, [given] { return *given; });
}

} // namespace iotman::server
