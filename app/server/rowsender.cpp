#include "app/server/rowsender.h"

#include "core/model/encoding.h"

namespace iotman {

namespace {

// Live datapoints wait while such a piece is stored.
constexpr std::size_t mostBytesAtOnce = 4 * 1024 * 1024;
constexpr std::int64_t mostRowsAtOnce = 20'000;

/// What only a person can know is asked for, not guessed: a wrong guess would store wrong times.
Expected<void> refuseGuess(const std::filesystem::path& path, const files::Detected& detected, const files::Choices& choices)
{
    const files::Reason* reason = detected.reason(files::Setting::TimeFormat);
    if (!reason || reason->sure || choices.timeFormat)
        return {};
    return fail(Problem::BadRequest, path.string() + ": " + reason->text + " Say --time-unit.");
}

} // namespace

RowSender::RowSender(FolderApi& api, SourceName source, BadRows badRows, const Clock& clock)
    : api_(api)
    , source_(std::move(source))
    , badRows_(badRows)
    , clock_(clock)
{
}

Expected<RowSender::Sent> RowSender::send(std::span<const std::filesystem::path> files, const files::Choices& choices,
                                          Again again, const std::function<void(const Refused&)>& refuse)
{
    Expected<pipeline::RowTimes> rowTimes = times();
    if (!rowTimes)
        return fail(rowTimes.error());
    std::vector<File> looked;
    Sent sent;
    for (const std::filesystem::path& path : files) {
        Expected<File> file = look(path, choices);
        if (!file)
            return fail(file.error());
        const Expected<std::int64_t> refused = check(*file, *rowTimes, refuse);
        if (!refused)
            return fail(refused.error());
        sent.refused += *refused;
        looked.push_back(std::move(*file));
    }
    if (sent.refused > 0 && badRows_ == BadRows::RefuseAll)
        return sent;
    const Expected<std::int64_t> accepted = stage(looked, *rowTimes, again);
    if (!accepted)
        return fail(accepted.error());
    sent.accepted = *accepted;
    return sent;
}

Expected<pipeline::RowTimes> RowSender::times()
{
    const Expected<Json> source = api_.json("GET", "sources/" + percentEncoded(source_.text));
    if (!source)
        return fail(source.error());
    std::optional<rules::TimeExpression> expression;
    if (const auto time = source->find("time"); time != source->end() && time->is_string()) {
        const auto compiled = rules::TimeExpression::compile(time->get<std::string>());
        if (!compiled)
            return fail(compiled.error());
        expression = *compiled;
    }
    return pipeline::RowTimes(source_, std::move(expression), clock_.now());
}

Expected<RowSender::File> RowSender::look(const std::filesystem::path& path, const files::Choices& choices) const
{
    const Expected<pipeline::FileLook> looked = pipeline::lookAt(path, choices);
    if (!looked)
        return fail(looked.error());
    if (auto sure = refuseGuess(path, looked->detected, choices); !sure)
        return fail(sure.error());
    return File{path, looked->detected.options, pipeline::sameImport(*looked, badRows_), 0};
}

Expected<std::int64_t> RowSender::check(File& file, pipeline::RowTimes& times,
                                        const std::function<void(const Refused&)>& refuse) const
{
    std::int64_t refused = 0;
    const auto refuseRow = [&](std::int64_t line, const std::string& reason) {
        ++refused;
        refuse({file.path, line, reason});
    };
    const auto take = [&](files::Row& row) -> Expected<void> {
        if (const Expected<Timestamp> time = times.of(row); !time)
            refuseRow(row.line, time.error().detail);
        else
            ++file.good;
        return {};
    };
    const auto read = pipeline::eachRow(file.path, file.options, take,
                                        [&](const files::Refusal& refusal) { refuseRow(refusal.line, refusal.reason); });
    if (!read)
        return fail(read.error().within(file.path.string()));
    return refused;
}

Expected<std::int64_t> RowSender::stage(std::span<const File> files, pipeline::RowTimes& times, Again again)
{
    Json draft{{"source", source_.text}, {"name", files.front().path.filename().string()}};
    if (again == Again::No)
        draft["once"] = files.front().same;
    const Expected<Json> opened = api_.json("POST", "imports", draft);
    if (!opened)
        return fail(opened.error());
    import_ = opened->value("id", std::string());
    staged_ = 0;
    Expected<void> done;
    if (opened->value("state", std::string()) == "open") {
        for (const File& file : files) {
            if (done)
                done = stageFile(file, times);
        }
        if (done)
            done = flush();
    }
    if (!done) {
        (void)api_.call("DELETE", "imports/" + import_); // a day later the server would do it
        return fail(done.error());
    }
    const Expected<Json> committed = api_.json("POST", "imports/" + import_ + "/commit");
    if (!committed)
        return fail(committed.error());
    return committed->value("accepted", std::int64_t(0));
}

Expected<void> RowSender::stageFile(const File& file, pipeline::RowTimes& times)
{
    std::int64_t good = 0;
    const auto take = [&](files::Row& row) -> Expected<void> {
        const Expected<Timestamp> time = times.of(row);
        if (!time)
            return {}; // refused when it was checked
        ++good;
        // As an array: the payload keeps its bytes, line breaks included.
        body_ += (body_.empty() ? "[{\"time\":" : ",{\"time\":") + time->seconds() + ",\"payload\":" + row.payload + "}";
        ++waiting_;
        return body_.size() < mostBytesAtOnce && waiting_ < mostRowsAtOnce ? Expected<void>() : flush();
    };
    const auto read = pipeline::eachRow(file.path, file.options, take, [](const files::Refusal&) {});
    if (!read)
        return fail(read.error().within(file.path.string()));
    if (good != file.good)
        return fail(Problem::Conflict, file.path.string() + " was changed while it was read; nothing was stored");
    return {};
}

Expected<void> RowSender::flush()
{
    if (waiting_ == 0)
        return {};
    const auto sent =
        api_.call("POST", "imports/" + import_ + "/rows?at=" + std::to_string(staged_), std::exchange(body_, {}) + "]");
    if (!sent)
        return fail(sent.error());
    staged_ += std::exchange(waiting_, 0);
    return {};
}

} // namespace iotman
