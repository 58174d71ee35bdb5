#include "core/pipeline/filerows.h"

#include "core/import/bytesource.h"
#include "core/model/encoding.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace iotman::pipeline {

namespace {

constexpr std::size_t sampleBytes = 256 * 1024;

} // namespace

Expected<FileLook> lookAt(const std::filesystem::path& file, const files::Choices& choices)
{
    Expected<files::FileSource> source = files::FileSource::open(file.string());
    if (!source)
        return fail(source.error());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::string sample;
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
        if (sample.size() < sampleBytes)
            sample.append(buffer.data(), std::min(*got, sampleBytes - sample.size()));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    const files::Sample extent = total == sample.size() ? files::Sample::Whole : files::Sample::Start;
    return FileLook{files::detect(sample, extent, choices), base64Url({reinterpret_cast<const char*>(digest.data()), size})};
}

std::string sameImport(const FileLook& look, BadRows badRows)
{
    const files::Options& options = look.detected.options;
    const std::string way = std::string(files::formatWord(options.format, options.separator)) + ":" + options.timeColumn + ":" +
                            std::string(files::timeUnitWord(options.timeFormat)) + ":" + options.zone;
    return look.digest + ":" + way + (badRows == BadRows::Skip ? ":skip" : "");
}

Expected<void> eachRow(const std::filesystem::path& file, const files::Options& options,
                       const std::function<Expected<void>(files::Row&)>& take,
                       const std::function<void(const files::Refusal&)>& refuse)
{
    Expected<files::FileSource> source = files::FileSource::open(file.string());
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

Error errorOfFile(const std::filesystem::path& file, const Error& error)
{
    if (error.line == 0)
        return error.within(file.string());
    Error placed = error;
    // The sentence names its line too; once is enough.
    const std::string line = "line " + std::to_string(error.line);
    if (placed.detail.starts_with(line + ", ") || placed.detail.starts_with(line + ": "))
        placed.detail.erase(0, line.size() + 2);
    return placed.within(file.string() + ":" + std::to_string(error.line));
}

RowTimes::RowTimes(SourceName source, std::optional<rules::TimeExpression> expression, Timestamp arrival)
    : source_(std::move(source))
    , expression_(std::move(expression))
    , arrival_(arrival)
{
}

Expected<Timestamp> RowTimes::of(const files::Row& row)
{
    const Expected<Timestamp> time = inPayload(row);
    return time || row.element == 0 ? time : fail(time.error().within("element " + std::to_string(row.element)));
}

Expected<Timestamp> RowTimes::inPayload(const files::Row& row)
{
    if (auto parsed = payload_.parse(row.payload); !parsed)
        return fail(parsed.error());
    if (row.time)
        return *row.time;
    return expression_ ? expression_->evaluate(payload_, {arrival_, source_.text, 0}) : Expected<Timestamp>(arrival_);
}

files::Choices RowTimes::unguessed(files::Choices choices) const
{
    if (expression_ && !choices.timeColumn)
        choices.timeColumn = std::string();
    return choices;
}

} // namespace iotman::pipeline
