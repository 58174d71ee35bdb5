// `apply FILE`: the workspace becomes what the file says.
#include "app/server/folderapi.h"
#include "app/server/rowsender.h"
#include "app/server/verbs.h"
#include "core/client/workspacecalls.h"
#include "core/model/shown.h"
#include "core/pipeline/fileimport.h"
#include "core/pipeline/workspaceapply.h"
#include "core/store/database.h"
#include "core/store/datafolder.h"
#include "core/store/peek.h"
#include "core/store/sqlitereader.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace iotman {

namespace {

using pipeline::WorkspaceText;

constexpr const char* standardInput = "-"; ///< as errors name it; what it names is relative to the working directory

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

/// The origins that may read now and may not once the file is applied.
Expected<std::vector<std::string>> lostOrigins(FolderApi& api, const WorkspaceFile& file)
{
    std::vector<std::string> lost;
    if (!file.cors || file.cors->origins.any)
        return lost;
    const Expected<Json> now = api.json("GET", "cors");
    if (!now)
        return fail(now.error());
    const std::vector<std::string> wanted = file.cors->origins.texts();
    for (const Json& each : now->value("origins", Json::array())) {
        const std::string origin = each.is_string() ? each.get<std::string>() : std::string();
        if (std::find(wanted.begin(), wanted.end(), origin) == wanted.end())
            lost.push_back(origin);
    }
    return lost;
}

/// What applying removes, as lines of a difference.
Expected<std::vector<std::string>> removals(FolderApi& api, const WorkspaceFile& file, const std::vector<std::string>& planned)
{
    std::vector<std::string> lines;
    std::copy_if(planned.begin(), planned.end(), std::back_inserter(lines),
                 [](const std::string& line) { return line.starts_with("- "); });
    const auto origins = lostOrigins(api, file);
    if (!origins)
        return fail(origins.error());
    for (const std::string& origin : *origins)
        lines.push_back("- cors " + origin);
    return lines;
}

/// Asks on stderr, so that stdout holds nothing but what was done.
bool agreesToRemove(const std::vector<std::string>& lines)
{
    for (const std::string& line : lines)
        std::fprintf(stderr, "%s\n", line.c_str());
    std::fputs("These are not in the file. Remove them? [y/N] ", stderr);
    std::string answer;
    if (!std::getline(std::cin, answer))
        std::fputs("\n", stderr); // nobody was there to type it
    return answer == "y" || answer == "Y" || answer == "yes";
}

void tellRepairs(const WorkspaceFile& file)
{
    for (const CorsRepair& repair : file.cors ? file.cors->repairs : std::vector<CorsRepair>())
        std::fprintf(stderr, "cors: “%s” is stored as “%s”\n", inOneLine(repair.given).c_str(), repair.stored.c_str());
}

/// Whether content was imported before into a source of the workspace in `folder`, whoever holds it.
pipeline::ImportedBefore importedBeforeInto(const std::filesystem::path& folder)
{
    const Expected<Catalog> catalog = store::peekCatalog(folder);
    const Expected<store::HeldFile> held = store::HeldFile::of(store::databasePath(folder));
    if (!catalog || !held)
        return [](const SourceDraft&, const pipeline::FileLook&) { return false; };
    const auto reader = std::make_shared<store::SqliteReader>(*held, store::usualLockTimeout, std::make_shared<store::ReadGate>());
    return [catalog = *catalog, reader](const SourceDraft& source, const pipeline::FileLook& look) {
        return pipeline::isImported(catalog, *reader, source, look);
    };
}

/// `lines` of a difference, and one for each source whose data is still to come, where it belongs among the sources.
std::vector<std::string> withData(std::vector<std::string> lines, const std::vector<std::string>& sources)
{
    for (const std::string& name : sources) {
        const std::string changed = "~ source " + name;
        const auto isTold = [&](const std::string& line) { return line == changed || line == "+ source " + name; };
        if (std::any_of(lines.begin(), lines.end(), isTold))
            continue;
        const auto isBefore = [&](std::string_view line) {
            line.remove_prefix(2);
            return line.starts_with("workspace") || line.starts_with("scope ") ||
                   (line.starts_with("source ") && line < std::string_view(changed).substr(2));
        };
        lines.insert(std::find_if_not(lines.begin(), lines.end(), isBefore), changed);
    }
    return lines;
}

/// The file, or what comes in on standard input.
Expected<WorkspaceText> readGiven(const std::filesystem::path& path)
{
    if (path != standardInput)
        return pipeline::readWorkspaceFile(path);
    std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return pipeline::workspaceTextFrom(path, std::move(text));
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

/// What is to be applied, and which of its sources have data that is still to be imported.
struct Wanted {
    std::filesystem::path path; ///< as errors name it
    WorkspaceText file;
    std::string body; ///< as the server takes it
    std::vector<std::string> newData;

    tl::unexpected<Error> told(const Error& error) const { return fail(ofTheFile(file, path, error)); }
};

/// Reads all that is to be applied, before anything is.
Expected<Wanted> look(const ApplyArguments& arguments, const World& world)
{
    const std::filesystem::path path = arguments.file == "/dev/stdin" ? std::filesystem::path(standardInput) : arguments.file;
    Expected<WorkspaceText> file = readGiven(path);
    if (!file)
        return fail(file.error());
    Wanted wanted{path, std::move(*file), {}, {}};
    Expected<std::string> body = client::workspaceFileBody(wanted.file.text, wanted.file.parsed, variable);
    if (!body)
        return wanted.told(body.error());
    wanted.body = std::move(*body);
    const pipeline::ImportedBefore known = importedBeforeInto(arguments.folder);
    const auto note = [&](const SourceDraft& source, const pipeline::FileLook& looked) {
        const bool isKnown = known(source, looked);
        if (!isKnown)
            wanted.newData.push_back(source.name.text);
        return isKnown;
    };
    return pipeline::checkFiles(path, wanted.file, pipeline::Guesses::Refused, note, world.clock).map([&] {
        return std::move(wanted);
    });
}

Expected<int> applyTo(FolderApi& api, const Wanted& wanted, const ApplyArguments& arguments, const World& world)
{
    const auto planned = changes(api, wanted.body, true);
    if (!planned)
        return wanted.told(planned.error());
    if (arguments.dryRun) {
        const std::vector<std::string> lines = withData(*planned, wanted.newData);
        return print(lines).map([&] { return lines.empty() ? exitDone : exitDifferent; });
    }
    const auto removed = removals(api, wanted.file.parsed, *planned);
    if (!removed)
        return fail(removed.error());
    if (!removed->empty() && !arguments.yes && !agreesToRemove(*removed))
        return fail(Problem::Conflict, "nothing was changed; --yes removes without asking");
    const auto done = changes(api, wanted.body, false);
    if (!done)
        return wanted.told(done.error());
    if (auto printed = print(withData(*done, wanted.newData)); !printed)
        return fail(printed.error());
    return importFiles(api, wanted.file, wanted.path.parent_path(), world).map([] { return exitDone; });
}

} // namespace

Expected<int> apply(const ApplyArguments& arguments, const World& world)
{
    // Who may not look into the folder must not be told that it is empty.
    if (const auto readable = store::readHolder(arguments.folder); !readable)
        return fail(readable.error());
    const Expected<Wanted> wanted = look(arguments, world);
    if (!wanted)
        return fail(wanted.error());
    tellRepairs(wanted->file.parsed);
    if (arguments.dryRun && !store::holdsWorkspace(arguments.folder))
        return dryRunOfNew(wanted->file, wanted->path, world);
    const auto api = FolderApi::open(arguments.folder, FolderApi::Missing::Made, world.clock, world.random);
    if (!api)
        return fail(api.error());
    return applyTo(**api, *wanted, arguments, world);
}

} // namespace iotman
