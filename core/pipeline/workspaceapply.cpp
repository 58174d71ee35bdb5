#include "core/pipeline/workspaceapply.h"

#include "core/import/bytesource.h"
#include "core/model/encoding.h"
#include "core/pipeline/fileimport.h"
#include "core/pipeline/retention.h"

#include <openssl/sha.h>

#include <array>

namespace iotman::pipeline {

namespace {

constexpr std::size_t mostBytes = 16 * 1024 * 1024;

Expected<std::string> wholeFile(const std::filesystem::path& file)
{
    Expected<files::FileSource> source = files::FileSource::open(file.string());
    if (!source)
        return fail(source.error());
    std::string text;
    std::array<char, 64 * 1024> buffer{};
    while (text.size() <= mostBytes) {
        const Expected<std::size_t> got = source->read(buffer);
        if (!got)
            return fail(got.error());
        if (*got == 0)
            return text;
        text.append(buffer.data(), *got);
    }
    return fail(Problem::TooLarge, file.string() + " is too large for a workspace file");
}

std::string digestOf(std::string_view text)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base64Url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

WorkspaceFileContext contextOf(const std::string& who, Sequence last, const Environment& environment, const Clock& clock,
                               Random& random)
{
    return {Author{who, clock.now(), random}, last, environment.variable, checkRules,
            [](const SourceDraft& draft) { return checkTime(draft.time).and_then([&] { return checkFileSettings(draft.kind, draft.settings); }); }};
}

/// Gives what tells the file from others; nothing where the source names none.
Expected<std::string> importFileOf(Pipeline& pipeline, const SourceDraft& source, const std::filesystem::path& folder,
                                   const Clock& clock)
{
    const Expected<std::optional<NamedFile>> file = fileOf(source, folder);
    if (!file)
        return fail(file.error());
    if (!*file)
        return std::string();
    const std::string path = (*file)->path.string();
    const Expected<ImportSummary> summary =
        importFile(pipeline, source.name, (*file)->path, (*file)->choices, BadRows::RefuseAll, clock);
    if (!summary)
        return fail(summary.error().within(path));
    if (summary->refused == 0)
        return summary->same;
    const RefusedRow& first = summary->firstRefused.front();
    return fail(Problem::BadRequest, path + ":" + std::to_string(first.line) + ": " + first.reason);
}

ImportedBefore importedBeforeInto(Pipeline& pipeline)
{
    return [&store = pipeline.store()](const SourceDraft& source, const FileLook& look) {
        return isImported(*store.catalog(), *store.reader(), source, look);
    };
}

} // namespace

Expected<WorkspaceText> readWorkspaceFile(const std::filesystem::path& path)
{
    Expected<std::string> text = wholeFile(path);
    if (!text)
        return fail(text.error());
    return workspaceTextFrom(path, std::move(*text));
}

Expected<WorkspaceText> workspaceTextFrom(const std::filesystem::path& path, std::string text)
{
    Expected<WorkspaceFile> file = parseWorkspaceFile(text);
    if (!file)
        return fail(workspaceFileError(path, {std::move(text), {}}, file.error()));
    return WorkspaceText{std::move(text), std::move(*file)};
}

Error workspaceFileError(const std::filesystem::path& path, const WorkspaceText& file, const Error& error)
{
    Error told{Problem::BadRequest, fileError(path.string(), file.text, error)};
    told.line = error.line > 0 ? error.line : jsonLine(file.text, error.pointer);
    return told;
}

Expected<void> checkFiles(const std::filesystem::path& path, const WorkspaceText& file, Guesses guesses,
                          const ImportedBefore& importedBefore, const Clock& clock)
{
    if (!file.parsed.sources)
        return {};
    const Expected<void> checked = checkFiles(*file.parsed.sources, path.parent_path(), guesses, importedBefore, clock);
    if (checked || checked.error().line > 0)
        return checked;
    return fail(workspaceFileError(path, file, checked.error()));
}

Expected<std::vector<std::string>> workspaceFileDifference(const Catalog& before, const std::filesystem::path& path,
                                                           const WorkspaceText& file, const Environment& environment,
                                                           const Clock& clock, Random& random)
{
    Catalog after = before;
    if (auto applied = iotman::applyWorkspaceFile(after, file.parsed, contextOf("dry run", 0, environment, clock, random));
        !applied)
        return fail(workspaceFileError(path, file, applied.error()));
    return differenceLines(before, after);
}

Expected<std::string> applyWorkspaceFile(Pipeline& pipeline, const std::filesystem::path& path, const std::string& who,
                                         const Environment& environment, const Clock& clock, Random& random)
{
    const Expected<WorkspaceText> file = readWorkspaceFile(path);
    if (!file)
        return fail(file.error());
    if (auto readable = checkFiles(path, *file, Guesses::Taken, importedBeforeInto(pipeline), clock); !readable)
        return fail(readable.error());
    if (file->parsed.sources)
        expireBeforeChange(pipeline.store(), *pipeline.store().reader(), *pipeline.store().catalog(), *file->parsed.sources, clock.now());
    const auto applied = store::await<void>([&](store::Reply<void> reply) {
        pipeline.store().change(
            who, clock.now(),
            [&](Catalog& catalog, Sequence last) {
                std::vector<NewOutgoingSecret> secrets;
                WorkspaceFileContext context = contextOf(who, last, environment, clock, random);
                context.giveSecret = [&](NewOutgoingSecret secret) { secrets.push_back(std::move(secret)); };
                return iotman::applyWorkspaceFile(catalog, file->parsed, context).and_then([&] {
                    return environment.keepSecrets ? environment.keepSecrets(catalog, secrets) : Expected<void>();
                });
            },
            std::move(reply));
    });
    if (!applied) {
        const bool ofTheFile = applied.error().kind == Problem::BadRequest || applied.error().kind == Problem::Conflict;
        return fail(ofTheFile ? workspaceFileError(path, *file, applied.error()) : applied.error());
    }
    std::string read = file->text;
    for (std::size_t i = 0; file->parsed.sources && i < file->parsed.sources->size(); ++i) {
        const Expected<std::string> imported = importFileOf(pipeline, (*file->parsed.sources)[i], path.parent_path(), clock);
        if (!imported)
            return imported;
        read += "\n" + *imported;
    }
    return digestOf(read);
}

} // namespace iotman::pipeline
