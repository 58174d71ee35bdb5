#include "core/server/imports.h"

#include "core/model/changes.h"
#include "core/pipeline/fileimport.h"
#include "core/pipeline/staging.h"
#include "core/server/privatefile.h"
#include "core/store/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

namespace iotman::server {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t untouchedUs = 24LL * 3600 * 1'000'000; ///< after which an import is discarded
constexpr const char* donePrefix = "done ";

std::string commitNote(const std::string& id)
{
    return "staged:" + id;
}

std::optional<std::int64_t> countIn(std::string_view note)
{
    if (!note.starts_with(donePrefix))
        return std::nullopt;
    note.remove_prefix(std::string_view(donePrefix).size());
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(note.data(), note.data() + note.size(), count);
    return error == std::errc() && end == note.data() + note.size() ? std::optional(count) : std::nullopt;
}

Json aboutJson(const StagedImport& import)
{
    return {{"source", import.source.text},
            {"name", import.name},
            {"once", import.once},
            {"accepted", import.accepted ? Json(*import.accepted) : Json(nullptr)},
            {"created_at", timeJson(import.createdAt)},
            {"created_by", import.createdBy}};
}

Expected<StagedImport> importFrom(const std::string& id, const Json& json)
{
    ObjectReader reader(json);
    StagedImport import;
    import.id = id;
    import.source = reader.parsed<SourceName>("source");
    import.name = reader.text("name");
    import.once = reader.text("once");
    if (const Json* accepted = reader.any("accepted"); accepted && accepted->is_number_integer())
        import.accepted = accepted->get<std::int64_t>();
    import.createdAt = reader.time("created_at").value_or(Timestamp{});
    import.createdBy = reader.text("created_by");
    return reader.finish().map([&] { return std::move(import); });
}

tl::unexpected<Error> noImport(const std::string& id)
{
    return fail(notFound("import", id));
}

} // namespace

Imports::Imports(fs::path dataFolder, pipeline::Pipeline& pipeline, const Clock& clock, Random& random, Log log)
    : folder_(std::move(dataFolder) / folderName)
    , pipeline_(pipeline)
    , clock_(clock)
    , random_(random)
    , log_(std::move(log))
{
}

fs::path Imports::aboutPath(const std::string& id) const
{
    return folder_ / (id + ".json");
}

Expected<void> Imports::check(const fs::path& dataFolder)
{
    const auto files = store::filesIn(dataFolder / folderName);
    if (!files)
        return fail(files.error());
    for (const fs::path& file : *files) {
        if (file.extension() != ".json")
            continue;
        const auto import =
            readPrivateFile(file).and_then(parseJson).and_then([&](const Json& json) { return importFrom(file.stem().string(), json); });
        if (!import)
            return fail(Problem::Internal, "“" + file.string() + "” is damaged: " + import.error().detail);
    }
    return {};
}

/// What an earlier run left. What is staged without an import is nobody's; of one that cannot be read it stays until the operator
/// has looked at the file, or taken it away.
void Imports::load()
{
    if (loaded_)
        return;
    const auto staged = pipeline_.store().stagedReader()->stagedImports();
    const auto files = store::filesIn(folder_);
    if (!staged || !files)
        return; // they cannot be read now: the same at the next call
    loaded_ = true;
    std::map<std::string, std::int64_t> rows;
    for (const store::StagedImport& import : *staged)
        rows.emplace(import.import, import.datapoints);
    std::error_code ignored;
    for (const fs::path& file : *files) {
        if (file.extension() != ".json")
            continue;
        const std::string id = file.stem().string();
        Expected<StagedImport> import =
            readPrivateFile(aboutPath(id)).and_then(parseJson).and_then([&](const Json& json) { return importFrom(id, json); });
        // Earlier versions kept rows in files; what was open then begins anew.
        const fs::path formerRows = folder_ / (id + ".rows");
        const bool hadRows = fs::exists(formerRows, ignored) && fs::file_size(formerRows, ignored) > 0;
        fs::remove(formerRows, ignored);
        if (!import) {
            rows.erase(id);
            if (log_)
                log_("“" + aboutPath(id).string() + "” cannot be read: " + import.error().detail + "; what is staged of this import stays hidden until the file is gone");
            continue;
        }
        if (hadRows && !import->accepted) {
            fs::remove(aboutPath(id), ignored);
            continue;
        }
        // A crash between the store's commit and our own file.
        if (!import->accepted)
            import->accepted = committedBefore(commitNote(id));
        const auto found = rows.find(id);
        import->rows = import->accepted.value_or(found == rows.end() ? 0 : found->second);
        entries_.emplace(id, Entry{std::move(*import), clock_.now()});
    }
    for (const auto& [id, count] : rows) {
        if (!entries_.contains(id))
            (void)remove(id);
    }
}

void Imports::sweep()
{
    load();
    std::vector<std::string> old;
    for (const auto& [id, entry] : entries_) {
        if (clock_.now().us - entry.touchedAt.us > untouchedUs)
            old.push_back(id);
    }
    for (const std::string& id : old)
        (void)remove(id); // what cannot be done now is done the next time
}

Expected<void> Imports::remove(const std::string& id)
{
    if (auto discarded = discardStaged(id); !discarded)
        return discarded;
    entries_.erase(id);
    std::error_code ignored;
    fs::remove(aboutPath(id), ignored);
    pipeline_.store().remember({{commitNote(id), {}}}, [](const Expected<void>&) {}); // which nobody asks for without the file
    return {};
}

Expected<void> Imports::discardStaged(const std::string& id)
{
    return store::await<void>([&](store::Reply<void> reply) { pipeline_.store().discardStaged(id, std::move(reply)); });
}

Expected<void> Imports::save(const StagedImport& import) const
{
    return replacePrivateFile(aboutPath(import.id), jsonText(aboutJson(import)) + "\n");
}

std::optional<std::int64_t> Imports::committedBefore(const std::string& note) const
{
    const auto text = pipeline_.store().reader()->note(note);
    return text && *text ? countIn(**text) : std::nullopt;
}

Expected<StagedImport> Imports::create(const SourceName& source, std::string name, std::string once, const std::string& who)
{
    sweep();
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const auto known = catalog->sources.find(source);
    if (known == catalog->sources.end())
        return fail(Error{notFound("source", source.text)}.at("source"));
    if (known->second.kind == SourceKind::Mirror || known->second.kind == SourceKind::Replay)
        return fail(Error{Problem::Conflict, "the source “" + source.text + "” is a " + std::string(text(known->second.kind)) +
                                                 ": what it has comes from elsewhere, and nothing is imported into it",
                          "source", 0, "/source"});
    const auto isOpen = [](const auto& entry) { return !entry.second.import.accepted.has_value(); };
    if (static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), isOpen)) >= mostOpen)
        return fail(Problem::Conflict, std::to_string(mostOpen) + " imports are open; commit or discard some of them first");
    forgetSomeCommitted();
    StagedImport import{random_.uuid(), source, std::move(name), std::move(once), 0, std::nullopt, clock_.now(), who, std::nullopt};
    if (!import.once.empty())
        import.accepted = committedBefore(pipeline::importNote(known->second.key, import.once));
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return store::fileFailure(folder_, "made", errno);
    if (auto saved = save(import); !saved)
        return fail(saved.error());
    entries_.emplace(import.id, Entry{import, clock_.now()});
    return import;
}

/// Those that nobody has asked for longest.
void Imports::forgetSomeCommitted()
{
    while (entries_.size() >= mostKnown) {
        const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
            const auto order = [](const Entry& entry) { return std::pair(!entry.import.accepted.has_value(), entry.touchedAt); };
            return order(a.second) < order(b.second);
        });
        if (!oldest->second.import.accepted || !remove(std::string(oldest->first)))
            return;
    }
}

Expected<Imports::Entry*> Imports::entry(const std::string& id)
{
    sweep();
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return noImport(id);
    found->second.touchedAt = clock_.now();
    return &found->second;
}

/// Datapoints and items are about as large as the rows, and lie in the log first.
Expected<void> Imports::room(std::size_t bytes) const
{
    std::error_code unknown;
    const fs::space_info space = fs::space(folder_, unknown);
    if (!unknown && space.available < leftFree + 2 * std::uintmax_t(bytes))
        return fail(Problem::NoSpace, "the disk that holds “" + folder_.string() + "” is nearly full");
    return {};
}

Expected<StagedImport> Imports::addRows(const std::string& id, std::int64_t at, store::Batch rows)
{
    const Expected<Entry*> found = entry(id);
    if (!found)
        return fail(found.error());
    StagedImport& import = (*found)->import;
    if (import.accepted)
        return fail(Problem::Conflict, "this import is committed; it takes no more rows");
    if (at != import.rows)
        return fail(Problem::Conflict, "at: expected " + std::to_string(import.rows) + ", the number of rows staged so far, but got " + std::to_string(at),
                    "at");
    const auto count = static_cast<std::int64_t>(rows.datapoints.size());
    if (count == 0)
        return import;
    const auto [first, last] =
        std::minmax_element(rows.datapoints.begin(), rows.datapoints.end(),
                            [](const store::Datapoint& a, const store::Datapoint& b) { return a.time < b.time; });
    std::pair range(first->time, last->time);
    if (auto hasRoom = room(rows.payloads.size()); !hasRoom)
        return fail(hasRoom.error());
    rows.staged = store::Staged{id, at};
    if (auto staged = pipeline::stage(pipeline_, import.source, std::move(rows)); !staged)
        return fail(staged.error());
    if (import.range)
        range = {std::min(range.first, import.range->first), std::max(range.second, import.range->second)};
    if (import.range || import.rows == 0)
        import.range = range;
    import.rows += count;
    return import;
}

Expected<StagedImport> Imports::commit(const std::string& id)
{
    const Expected<Entry*> found = entry(id);
    if (!found)
        return fail(found.error());
    StagedImport& import = (*found)->import;
    if (import.accepted)
        return import;
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const auto source = catalog->sources.find(import.source);
    if (source == catalog->sources.end())
        return fail(Problem::Conflict, "the source “" + import.source.text + "” is gone");
    std::vector<std::pair<std::string, std::string>> notes{{commitNote(id), donePrefix + std::to_string(import.rows)}};
    if (!import.once.empty()) {
        const std::string same = pipeline::importNote(source->second.key, import.once);
        // Another import of the same was committed meanwhile.
        if (const auto before = committedBefore(same)) {
            if (auto discarded = discardStaged(id); !discarded)
                return fail(discarded.error());
            import.accepted = before;
            (void)save(import);
            return import;
        }
        notes.emplace_back(same, notes.front().second);
    }
    const Expected<std::int64_t> committed = pipeline::commitStaged(pipeline_, id, notes);
    if (!committed)
        return fail(committed.error());
    import.accepted = *committed;
    // The store has it; that our own file says so too is only thrift.
    (void)save(import);
    return import;
}

Expected<void> Imports::discard(const std::string& id)
{
    const Expected<Entry*> found = entry(id);
    if (!found)
        return fail(found.error());
    if ((*found)->import.accepted)
        return fail(Problem::Conflict, "this import is committed; its rows are datapoints now and stay");
    return remove(id);
}

Expected<StagedImport> Imports::find(const std::string& id)
{
    sweep();
    const auto found = entries_.find(id);
    return found == entries_.end() ? Expected<StagedImport>(noImport(id)) : found->second.import;
}

std::vector<StagedImport> Imports::list()
{
    sweep();
    std::vector<StagedImport> imports;
    for (const auto& [id, entry] : entries_)
        imports.push_back(entry.import);
    std::sort(imports.begin(), imports.end(), [](const StagedImport& a, const StagedImport& b) {
        return std::tie(a.createdAt, a.id) < std::tie(b.createdAt, b.id);
    });
    return imports;
}

} // namespace iotman::server
