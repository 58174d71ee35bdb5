#include "core/pipeline/fileimport.h"

#include "core/import/bytesource.h"
#include "core/import/detect.h"
#include "core/import/rowreader.h"
#include "core/model/changes.h"
#include "core/model/encoding.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace iotman::pipeline {

namespace {

constexpr std::size_t sampleBytes = 256 * 1024;
constexpr std::size_t batchRows = 10'000;
constexpr std::size_t batchBytes = 8 * 1024 * 1024;
constexpr std::size_t mostRefusedShown = 100;

struct Seen {
    std::string sample;
    std::string digest; ///< SHA-256 of the whole content, base64url
    bool whole = false; ///< the sample is all of it
};

Expected<Seen> look(const std::string& path)
{
    Expected<files::FileSource> source = files::FileSource::open(path);
    if (!source)
        return fail(source.error());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    Seen seen;
    std::vector<char> buffer(sampleBytes);
    std::size_t total = 0;
    while (true) {
        const Expected<std::size_t> got = source->read(buffer);
        if (!got)
            return fail(got.error());
        if (*got == 0)
            break;
        total += *got;
        EVP_DigestUpdate(context.get(), buffer.data(), *got);
        if (seen.sample.size() < sampleBytes)
            seen.sample.append(buffer.data(), std::min(*got, sampleBytes - seen.sample.size()));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    seen.digest = base64Url({reinterpret_cast<const char*>(digest.data()), size});
    seen.whole = total == seen.sample.size();
    return seen;
}

/// Calls `take` for each row and `refuse` for each that is none.
Expected<void> eachRow(const std::string& path, const files::Options& options, const std::function<Expected<void>(files::Row&)>& take,
                       const std::function<void(const files::Refusal&)>& refuse)
{
    Expected<files::FileSource> source = files::FileSource::open(path);
    if (!source)
        return fail(source.error());
    Expected<files::RowReader> reader = files::RowReader::open(*source, options);
    if (!reader)
        return fail(reader.error());
    while (true) {
        Expected<files::Next> next = reader->next();
        if (!next)
            return fail(next.error());
        if (std::holds_alternative<files::End>(*next))
            return {};
        if (const auto* refusal = std::get_if<files::Refusal>(&*next)) {
            refuse(*refusal);
        } else if (auto taken = take(std::get<files::Row>(*next)); !taken) {
            return taken;
        }
    }
}

/// The rows of one file on their way into the store.
class Import {
public:
    Import(Pipeline& pipeline, const SourceName& name, std::string note, Timestamp arrival)
        : pipeline_(pipeline), name_(name), note_(std::move(note)), arrival_(arrival)
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
        const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
        const CompiledSource* source = compiled->source(name_);
        if (!source)
            return fail(notFound("source", name_.text));
        const Expected<Timestamp> time = timeOf(*source, row);
        if (!time)
            return {}; // counted as refused before anything was stored
        batch_.payloads += row.payload;
        batch_.datapoints.push_back({*time, batch_.payloads.size()});
        if (batch_.datapoints.size() >= batchRows || batch_.payloads.size() >= batchBytes)
            return flush(std::to_string(seen_));
        return {};
    }

    /// The row's own time, else what the source's expression says, else the arrival.
    Expected<Timestamp> timeOf(const CompiledSource& source, const files::Row& row)
    {
        if (row.time)
            return *row.time;
        if (!source.time)
            return arrival_;
        if (!*source.time)
            return fail(source.time->error());
        if (auto parsed = scratch_.payload.parse(row.payload); !parsed)
            return fail(parsed.error());
        return (*source.time)->evaluate(scratch_.payload, {arrival_, name_.text, 0});
    }

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
    Timestamp arrival_;
    store::Batch batch_;
    Scratch scratch_;
    std::int64_t seen_ = 0;
    std::int64_t stored_ = 0;
    bool doneBefore_ = false;
};

/// What makes two imports the same: source, content, way of reading.
std::string noteKey(SourceKey source, const Seen& seen, const files::Options& options, BadRows badRows)
{
    std::string key = "import:" + std::to_string(source) + ":" + seen.digest + ":";
    key += std::string(files::formatWord(options.format, options.separator)) + ":" + options.timeColumn + ":" +
           std::string(files::timeUnitWord(options.timeFormat)) + ":" + options.zone;
    return key + (badRows == BadRows::Skip ? ":skip" : "");
}

} // namespace

Expected<ImportSummary> importFile(Pipeline& pipeline, const SourceName& source, const std::filesystem::path& file, const files::Choices& choices,
                                   BadRows badRows, const Clock& clock)
{
    const std::string path = file.string();
    const std::shared_ptr<const Compiled> compiled = pipeline.compiled();
    const CompiledSource* known = compiled->source(source);
    if (!known)
        return fail(notFound("source", source.text));
    const Expected<Seen> seen = look(path);
    if (!seen)
        return fail(seen.error());
    const files::Options options = files::detect(seen->sample, seen->whole ? files::Sample::Whole : files::Sample::Start, choices).options;

    Import import(pipeline, source, noteKey(known->key, *seen, options, badRows), clock.now());
    if (auto resumed = import.resume(); !resumed)
        return fail(resumed.error());
    ImportSummary summary;
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
        if (const Expected<Timestamp> time = import.timeOf(*known, row); !time)
            refuse({row.line, time.error().detail});
        return {};
    };
    if (auto read = eachRow(path, options, checkRow, refuse); !read)
        return fail(read.error());
    if (summary.refused > 0 && badRows == BadRows::RefuseAll)
        return summary;

    const auto ignore = [](const files::Refusal&) {};
    const auto stored = eachRow(path, options, [&](files::Row& row) { return import.take(row); }, ignore).and_then([&] { return import.finish(); });
    if (!stored)
        return fail(stored.error());
    summary.accepted = import.stored();
    return summary;
}

} // namespace iotman::pipeline
