#include "core/pipeline/fileimport.h"

#include "core/model/changes.h"
#include "core/model/shown.h"
#include "core/pipeline/staging.h"

#include <charconv>
#include <memory>

namespace iotman::pipeline {

namespace {

constexpr std::size_t batchRows = 10'000;
constexpr std::size_t batchBytes = 8 * 1024 * 1024;
constexpr std::size_t mostRefusedShown = 100;

/// The rows of one file on their way into the store: staged, and shown together. What a crash leaves of them is seen by nobody.
class Import {
public:
    Import(Pipeline& pipeline, const SourceName& name, std::string note, RowTimes times)
        : pipeline_(pipeline)
        , name_(name)
        , note_(std::move(note))
        , times_(std::move(times))
    {
    }

    /// Finds out whether it was imported before, or how far an older program came, which showed each batch at once.
    Expected<void> begin()
    {
        const std::unique_ptr<store::Reader> reader = pipeline_.store().reader();
        const auto note = reader->note(note_);
        if (!note)
            return fail(note.error());
        if (*note) {
            doneBefore_ = (*note)->starts_with("done ");
            const std::string_view number = std::string_view(**note).substr(doneBefore_ ? 5 : 0);
            const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), stored_);
            if (error != std::errc() || end != number.data() + number.size())
                return fail(Problem::Internal, "the note of the import into “" + name_.text + "” is damaged: expected a number, but it is " + shown(**note));
        }
        return doneBefore_ ? Expected<void>() : discard();
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
            return flush();
        return {};
    }

    Expected<Timestamp> timeOf(const files::Row& row) { return times_.of(row); }
    Expected<void> finish()
    {
        return flush()
            .and_then([&] { return commitStaged(pipeline_, note_, {{note_, "done " + std::to_string(stored_ + staged_)}}); })
            .map([&](std::int64_t shown) { stored_ += shown; });
    }
    Expected<void> discard()
    {
        return store::await<void>([&](store::Reply<void> reply) { pipeline_.store().discardStaged(note_, std::move(reply)); });
    }

private:
    Expected<void> flush()
    {
        const auto rows = static_cast<std::int64_t>(batch_.datapoints.size());
        if (rows == 0)
            return {};
        batch_.arrival = store::Arrival::History;
        batch_.staged = store::Staged{note_, staged_};
        staged_ += rows;
        return stage(pipeline_, name_, std::exchange(batch_, {}));
    }

    Pipeline& pipeline_;
    SourceName name_;
    std::string note_;
    RowTimes times_;
    store::Batch batch_;
    std::int64_t seen_ = 0;
    std::int64_t staged_ = 0;
    std::int64_t stored_ = 0; ///< what everybody sees
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
    if (auto begun = import.begin(); !begun)
        return fail(begun.error());
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
    if (!stored) {
        (void)import.discard(); // else it is done when somebody imports the next time
        return fail(stored.error());
    }
    summary.accepted = import.stored();
    return summary;
}

} // namespace iotman::pipeline
