// `apply FILE`: the workspace becomes what the file says.
#include "app/server/folderapi.h"
#include "app/server/rowsender.h"
#include "app/server/verbs.h"
#include "core/client/workspacecalls.h"
#include "core/pipeline/workspaceapply.h"
#include "core/store/peek.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace iotman {

namespace {

using pipeline::WorkspaceText;

std::optional<std::string> variable(const std::string& name)
{
    const char* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
    return value ? std::optional<std::string>(value) : std::nullopt;
}

/// An error of the server about the file, told as a line of it.
Error ofTheFile(const WorkspaceText& file, const std::filesystem::path& path, const Error& error)
{
    const bool isAbout = error.kind == Problem::BadRequest || error.kind == Problem::Conflict;
    return isAbout ? pipeline::workspaceFileError(path, file, error) : error;
}

Expected<std::vector<std::string>> changes(FolderApi& api, const std::string& body, bool dryRun)
{
    const Expected<Json> answer =
        api.json("PUT", dryRun ? "workspace/file?dry_run=1" : "workspace/file", Json::parse(body, nullptr, false));
    if (!answer)
        return fail(answer.error());
    std::vector<std::string> lines;
    for (const Json& line : answer->value("changes", Json::array()))
        lines.push_back(line.is_string() ? line.get<std::string>() : std::string());
    return lines;
}

Expected<void> print(const std::vector<std::string>& lines)
{
    for (const std::string& line : lines) {
        if (auto printed = printLine(line); !printed)
            return printed;
    }
    return {};
}

/// Asks on stderr, so that stdout holds nothing but what was done.
bool agreesToRemove(const std::vector<std::string>& lines)
{
    for (const std::string& line : lines) {
        if (line.starts_with("- "))
            std::fprintf(stderr, "%s\n", line.c_str());
    }
    std::fputs("These are not in the file. Remove them? [y/N] ", stderr);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

/// The files that sources of kind `file` name, relative to the workspace file, once per content.
Expected<void> importFiles(FolderApi& api, const WorkspaceText& file, const std::filesystem::path& folder, const World& world)
{
    if (!file.parsed.sources)
        return {};
    for (const SourceDraft& source : *file.parsed.sources) {
        const Expected<std::optional<pipeline::NamedFile>> named = pipeline::fileOf(source, folder);
        if (!named)
            return fail(named.error());
        if (!*named)
            continue;
        std::optional<RowPiece::Refused> first;
        const auto refuse = [&](const RowPiece::Refused& row) {
            if (!first)
                first = row;
        };
        RowSender sender(api, source.name, BadRows::RefuseAll, world.clock);
        const Expected<RowSender::Sent> sent = sender.send({&(*named)->path, 1}, (*named)->choices, RowSender::Again::No, refuse);
        if (!sent)
            return fail(sent.error());
        if (first) {
            Error error{Problem::BadRequest, first->file.string() + ":" + std::to_string(first->line) + ": " + first->reason};
            error.line = static_cast<int>(first->line);
            return fail(error);
        }
    }
    return {};
}

/// What would change in a workspace that is still to be made; nothing is made.
Expected<int> dryRunOfNew(const WorkspaceText& file, const std::filesystem::path& path, const World& world)
{
    const auto lines = pipeline::workspaceFileDifference(server::newWorkspace(world.clock, world.random), path, file, {variable},
                                                         world.clock, world.random);
    if (!lines)
        return fail(lines.error());
    return print(*lines).map([&] { return lines->empty() ? exitDone : exitDifferent; });
}

} // namespace

Expected<int> apply(const ApplyArguments& arguments, const World& world)
{
    const Expected<WorkspaceText> file = pipeline::readWorkspaceFile(arguments.file);
    if (!file)
        return fail(file.error());
    const auto told = [&](const Error& error) { return fail(ofTheFile(*file, arguments.file, error)); };
    const Expected<std::string> body = client::workspaceFileBody(file->text, file->parsed, variable);
    if (!body)
        return told(body.error());
    // What was imported before is known to the server alone; here its rows are looked at again.
    const auto never = [](const SourceDraft&, const pipeline::FileLook&) { return false; };
    if (auto readable = pipeline::checkFiles(arguments.file, *file, pipeline::Guesses::Refused, never, world.clock); !readable)
        return fail(readable.error());
    if (arguments.dryRun && !store::holdsWorkspace(arguments.folder))
        return dryRunOfNew(*file, arguments.file, world);
    const auto api = FolderApi::open(arguments.folder, FolderApi::Missing::Made, world.clock, world.random);
    if (!api)
        return fail(api.error());
    const auto planned = changes(**api, *body, true);
    if (!planned)
        return told(planned.error());
    if (arguments.dryRun)
        return print(*planned).map([&] { return planned->empty() ? exitDone : exitDifferent; });
    const bool removes =
        std::any_of(planned->begin(), planned->end(), [](const std::string& line) { return line.starts_with("- "); });
    if (removes && !arguments.yes && !agreesToRemove(*planned))
        return fail(Problem::Conflict, "nothing was changed; --yes removes without asking");
    const auto done = changes(**api, *body, false);
    if (!done)
        return told(done.error());
    if (auto printed = print(*done); !printed)
        return fail(printed.error());
    return importFiles(**api, *file, arguments.file.parent_path(), world).map([] { return exitDone; });
}

} // namespace iotman
