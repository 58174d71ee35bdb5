#include "core/pipeline/fileimport.h"

#include "core/model/changes.h"

#include <memory>

namespace iotman::pipeline {

namespace {

constexpr std::size_t batchRows = 10'000;
constexpr std::size_t batchBytes = 8 * 1024 * 1024;
constexpr std::size_t mostRefusedShown = 100;

/// The rows of one file on their way into the store.
class Import {
public:
    Import(Pipeline& pipeline, const SourceName& name, std::string note, RowTimes times)
        : pipeline_(pipeline)
        , name_(name)
        , note_(std::move(note))
        , times_(std::move(times))
    {
    }

    Expected<void> resume()
    {
        const std::unique_ptr<store::Reader> reader = pipeline_.store().reader();
        const auto note = reader->note(note_);
        if (!note)
            return fail(note.error());
        if (*note) {
            doneBefore_ = (*note)->starts_with("done ");
            stored_ = std::stoll(doneBefore_ ? (*note)->substr(5) : **note);
        }
        return {};
    }
    bool doneBefore() const { return doneBefore_; }
    std::int64_t stored() const { return stored_; }

    Expected<void> take(files::Row& row)
    {
        if (seen_++ < stored_)
            return {};
        const Expected<Timestamp> time = times_.of(row);
        if (!time)
            return {}; // counted as refused before anything was stored
        batch_.payloads += row.payload;
        batch_.datapoints.push_back({*time, batch_.payloads.size()});
        if (batch_.datapoints.size() >= batchRows || batch_.payloads.size() >= batchBytes)
            return flush(std::to_string(seen_));
        return {};
    }

    Expected<Timestamp> timeOf(const files::Row& row) { return times_.of(row); }
    Expected<void> finish() { return flush("done " + std::to_string(seen_)); }

private:
    Expected<void> flush(std::string progress)
    {
        const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
        const CompiledSource* source = compiled->source(name_);
        if (!source)
            return fail(notFound("source", name_.text));
        batch_.source = source->key;
        batch_.arrival = store::Arrival::History;
        batch_.notes = {{note_, std::move(progress)}};
        std::optional<std::vector<store::MadeItems>> prepared;
        if (!source->usesId)
            prepared = makeItems(*source, name_.text, batch_, 0, scratch_);
        const auto committed = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
            pipeline_.append(std::exchange(batch_, {}), name_, compiled, std::move(prepared), std::move(reply));
        });
        if (!committed)
            return fail(committed.error());
        stored_ = seen_;
        return {};
    }

    Pipeline& pipeline_;
    SourceName name_;
    std::string note_;
    RowTimes times_;
    store::Batch batch_;
    Scratch scratch_;
    std::int64_t seen_ = 0;
    std::int64_t stored_ = 0;
    bool doneBefore_ = false;
};

std::string noteKey(SourceKey source, const FileLook& look, BadRows badRows) { return importNote(source, sameImport(look, badRows)); }

} // namespace

std::string importNote(SourceKey source, const std::string& sameImport) { return "import:" + std::to_string(source) + ":" + sameImport; }

bool isImported(const Catalog& catalog, store::Reader& reader, const SourceDraft& source, const FileLook& look)
{
    const auto known = catalog.sources.find(source.name);
    if (known == catalog.sources.end())
        return false;
    const auto note = reader.note(importNote(known->second.key, sameImport(look, BadRows::RefuseAll)));
    return note && note->has_value() && (*note)->starts_with("done ");
}

Expected<ImportSummary> importFile(Pipeline& pipeline, const SourceName& source, const std::filesystem::path& file, const files::Choices& choices,
                                   BadRows badRows, const Clock& clock)
{
    const std::shared_ptr<const Compiled> compiled = pipeline.compiled();
    const CompiledSource* known = compiled->source(source);
    if (!known)
        return fail(notFound("source", source.text));
    if (known->time && !*known->time)
        return fail(known->time->error());
    std::optional<rules::TimeExpression> expression;
    if (known->time)
        expression.emplace(**known->time);
    RowTimes times(source, std::move(expression), clock.now());
    const Expected<FileLook> look = lookAt(file, times.unguessed(choices));
    if (!look)
        return fail(look.error());
    const files::Options& options = look->detected.options;

    Import import(pipeline, source, noteKey(known->key, *look, badRows), std::move(times));
    if (auto resumed = import.resume(); !resumed)
        return fail(resumed.error());
    ImportSummary summary;
    summary.same = sameImport(*look, badRows);
    if (import.doneBefore()) {
        summary.accepted = import.stored();
        summary.doneBefore = true;
        return summary;
    }

    const auto refuse = [&](const files::Refusal& refusal) {
        if (++summary.refused <= static_cast<std::int64_t>(mostRefusedShown))
            summary.firstRefused.push_back({refusal.line, refusal.reason});
    };
    const auto checkRow = [&](files::Row& row) -> Expected<void> {
        if (const Expected<Timestamp> time = import.timeOf(row); !time)
            refuse({row.line, time.error().detail});
        return {};
    };
    if (auto read = eachRow(file, options, checkRow, refuse); !read)
        return fail(read.error());
    if (summary.refused > 0 && badRows == BadRows::RefuseAll)
        return summary;

    const auto ignore = [](const files::Refusal&) {};
    const auto stored = eachRow(file, options, [&](files::Row& row) { return import.take(row); }, ignore).and_then([&] { return import.finish(); });
    if (!stored)
        return fail(stored.error());
    summary.accepted = import.stored();
    return summary;
}

} // namespace iotman::pipeline
