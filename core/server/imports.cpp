#include "core/server/imports.h"

#include "core/model/changes.h"
#include "core/pipeline/fileimport.h"
#include "core/server/privatefile.h"

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

Imports::Imports(fs::path dataFolder, pipeline::Pipeline& pipeline, const Clock& clock, Random& random)
    : folder_(std::move(dataFolder) / "imports")
    , pipeline_(pipeline)
    , clock_(clock)
    , random_(random)
{
}

fs::path Imports::rowsPath(const std::string& id) const
{
    return folder_ / (id + ".rows");
}

fs::path Imports::aboutPath(const std::string& id) const
{
    return folder_ / (id + ".json");
}

/// What an earlier run left. An import that cannot be read any more is nobody's.
void Imports::load()
{
    if (std::exchange(loaded_, true))
        return;
    std::error_code ignored;
    std::vector<std::string> ids;
    for (const fs::directory_entry& file : fs::directory_iterator(folder_, ignored)) {
        if (file.path().extension() == ".json")
            ids.push_back(file.path().stem().string());
    }
    for (const std::string& id : ids) {
        Expected<StagedImport> import =
            readPrivateFile(aboutPath(id)).and_then(parseJson).and_then([&](const Json& json) { return importFrom(id, json); });
        Expected<StagedFile> file = StagedFile::open(rowsPath(id));
        if (!import || !file) {
            remove(id);
            continue;
        }
        import->rows = import->accepted.value_or(file->rows());
        Entry entry{std::move(*import), std::move(*file), clock_.now()};
        // A crash between the store's commit and our own file.
        if (!entry.import.accepted)
            entry.import.accepted = committedBefore(commitNote(id));
        if (entry.import.accepted)
            entry.file.reset();
        entries_.emplace(id, std::move(entry));
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
        remove(id);
}

void Imports::remove(const std::string& id)
{
    entries_.erase(id);
    std::error_code ignored;
    fs::remove(aboutPath(id), ignored);
    fs::remove(rowsPath(id), ignored);
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
    const auto isOpen = [](const auto& entry) { return !entry.second.import.accepted.has_value(); };
    if (static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), isOpen)) >= mostOpen)
        return fail(Problem::Conflict, std::to_string(mostOpen) + " imports are open; commit or discard some of them first");
    StagedImport import{random_.uuid(), source, std::move(name), std::move(once), 0, std::nullopt, clock_.now(), who};
    if (!import.once.empty())
        import.accepted = committedBefore(pipeline::importNote(known->second.key, import.once));
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return store::fileFailure(folder_, "made", errno);
    Expected<StagedFile> file = StagedFile::open(rowsPath(import.id));
    if (!file)
        return fail(file.error());
    if (auto saved = save(import); !saved)
        return fail(saved.error());
    entries_.emplace(import.id, Entry{import, std::move(*file), clock_.now()});
    return import;
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

Expected<StagedImport> Imports::addRows(const std::string& id, std::int64_t at, const StagedRows& rows)
{
    const Expected<Entry*> found = entry(id);
    if (!found)
        return fail(found.error());
    Entry& entry = **found;
    if (entry.import.accepted)
        return fail(Problem::Conflict, "this import is committed; it takes no more rows");
    if (at != entry.import.rows)
        return fail(Problem::Conflict, "at: expected " + std::to_string(entry.import.rows) + ", the number of rows staged so far",
                    "at");
    if (rows.rows() == 0)
        return entry.import;
    if (auto added = entry.file->append(rows); !added)
        return fail(added.error());
    entry.import.rows = entry.file->rows();
    return entry.import;
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
    if (!import.once.empty())
        notes.emplace_back(pipeline::importNote(source->second.key, import.once), notes.front().second);
    const auto committed = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.appendAll([path = rowsPath(id), key = source->second.key] { return StagedFile::batches(path, key); },
                            import.source, notes, std::move(reply));
    });
    if (!committed)
        return fail(committed.error());
    import.accepted = static_cast<std::int64_t>(committed->count);
    // The store has it; that our own files say so too is only thrift.
    (void)save(import);
    (*found)->file.reset();
    std::error_code ignored;
    fs::resize_file(rowsPath(id), 0, ignored);
    return import;
}

Expected<void> Imports::discard(const std::string& id)
{
    const Expected<Entry*> found = entry(id);
    if (!found)
        return fail(found.error());
    remove(id);
    return {};
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
