#include "app/server/rowsender.h"

#include "core/import/words.h"
#include "core/model/encoding.h"

#include <algorithm>

namespace iotman {

namespace {

/// What only a person can know is asked for, not guessed: a wrong guess would store wrong times.
Expected<void> refuseGuess(const std::filesystem::path& path, const files::Detected& detected, const files::Choices& choices)
{
    const files::Reason* unit = detected.reason(files::Setting::TimeFormat);
    if (unit && !unit->sure && !choices.timeFormat)
        return fail(Problem::BadRequest, path.string() + ": " + unit->text + " Say --time-unit.");
    return {};
}

/// Who says how times are written expects some: the time of arrival would be another one.
Expected<void> expectTimes(const std::filesystem::path& path, const files::Detected& detected, const files::Choices& choices)
{
    const bool hasRows = std::any_of(detected.columns.begin(), detected.columns.end(), [](const files::Column& column) { return !column.example.empty(); });
    if (!choices.timeFormat || choices.timeColumn || !detected.options.timeColumn.empty() || !hasRows)
        return {};
    return fail(Problem::BadRequest, path.string() + ": no column reads as times of the unit that was chosen. Say --time-column.");
}

/// In JSON a member may come later than in the part that was looked at: who skips bad rows loses those before.
Expected<void> expectTimeColumn(const std::filesystem::path& path, const files::Detected& detected, BadRows badRows)
{
    const std::string& wanted = detected.options.timeColumn;
    const bool mayCome = detected.options.format != files::Format::Csv && badRows == BadRows::Skip;
    const auto isWanted = [&](const files::Column& column) { return column.name == wanted; };
    if (wanted.empty() || mayCome || detected.columns.empty() ||
        std::any_of(detected.columns.begin(), detected.columns.end(), isWanted))
        return {};
    std::string names;
    for (const files::Column& column : detected.columns)
        names += (names.empty() ? "" : ", ") + files::inQuotes(column.name);
    return fail(Problem::BadRequest, path.string() + ": there is no column " + files::inQuotes(wanted) +
                                         " to take the time from; the columns are " + names);
}

/// What is not UTF-8 is read as something else only where somebody says so: a guess would store another text without anyone noticing.
/// Of a text that is UTF-8 but for a few bytes, who skips bad rows loses only those with such bytes.
Expected<void> refuseGuess(const std::filesystem::path& path, const files::Detected& detected, BadRows badRows)
{
    const files::Reason* encoding = detected.reason(files::Setting::Encoding);
    const bool isGuess = encoding && !encoding->sure;
    if (!isGuess || (badRows == BadRows::Skip && detected.options.encoding == files::Encoding::Utf8))
        return {};
    return fail(Problem::BadRequest, path.string() + ": " + encoding->text + " Say --encoding.");
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
                                          Again again, const Refuse& refuse)
{
    const Expected<Json> source = api_.json("GET", "sources/" + percentEncoded(source_.text));
    if (!source)
        return fail(source.error());
    Expected<pipeline::RowTimes> rowTimes = timesOf(*source);
    if (!rowTimes)
        return fail(rowTimes.error());
    Json settings = source->value("settings", Json::object());
    for (const auto& [isSaid, member] : {std::pair(choices.format.has_value(), "format"), {choices.encoding.has_value(), "encoding"},
                                         {choices.timeColumn.has_value(), "time_column"}, {choices.timeFormat.has_value(), "time_unit"},
                                         {choices.zone.has_value(), "zone"}}) {
        if (isSaid)
            settings.erase(member);
    }
    const Expected<files::Choices> usual = pipeline::choicesOf(settings);
    if (!usual)
        return fail(usual.error().within("the settings of the source"));
    if (choices.timeColumn) // who names a column, or none, knows better than the source
        rowTimes = pipeline::RowTimes(source_, std::nullopt, clock_.now());
    const files::Choices wanted = rowTimes->unguessed(choices.orElse(*usual));
    Sent sent;
    sent.zone = wanted.zone.value_or("UTC");
    std::vector<RowPieces::File> looked;
    Json draft{{"source", source_.text}, {"name", files.front().filename().string()}};
    for (const std::filesystem::path& path : files) {
        std::string same;
        Expected<RowPieces::File> file = look(path, wanted, same);
        if (!file)
            return fail(file.error());
        if (again == Again::No && looked.empty())
            draft["once"] = same;
        if (!wanted.timeColumn && file->options.timeColumn.empty())
            sent.timeless.push_back(path);
        looked.push_back(std::move(*file));
    }
    const Expected<Json> opened = api_.json("POST", "imports", draft);
    if (!opened)
        return fail(opened.error());
    import_ = opened->value("id", std::string());
    Expected<void> done;
    if (opened->value("state", std::string()) == "open") {
        RowPieces pieces(std::move(looked), std::move(*rowTimes), badRows_);
        done = stage(pieces, sent, refuse);
    }
    if (!done || (sent.refused > 0 && badRows_ == BadRows::RefuseAll)) {
        (void)api_.call("DELETE", "imports/" + import_); // a day later the server would do it
        return done ? Expected<Sent>(sent) : fail(done.error());
    }
    const Expected<std::int64_t> accepted = commit();
    if (!accepted)
        return fail(accepted.error());
    sent.accepted = *accepted;
    return sent;
}

Expected<pipeline::RowTimes> RowSender::timesOf(const Json& source) const
{
    std::optional<rules::TimeExpression> expression;
    if (const auto time = source.find("time"); time != source.end() && time->is_string()) {
        const auto compiled = rules::TimeExpression::compile(time->get<std::string>());
        if (!compiled)
            return fail(compiled.error());
        expression = *compiled;
    }
    return pipeline::RowTimes(source_, std::move(expression), clock_.now());
}

Expected<RowPieces::File> RowSender::look(const std::filesystem::path& path, const files::Choices& choices,
                                          std::string& same) const
{
    const Expected<pipeline::FileLook> looked = pipeline::lookAt(path, choices);
    if (!looked)
        return fail(looked.error());
    if (auto known = expectTimeColumn(path, looked->detected, badRows_); !known)
        return fail(known.error());
    if (auto sure = refuseGuess(path, looked->detected, choices); !sure)
        return fail(sure.error());
    if (auto times = expectTimes(path, looked->detected, choices); !times)
        return fail(times.error());
    if (auto sound = refuseGuess(path, looked->detected, badRows_); !sound)
        return fail(sound.error());
    same = pipeline::sameImport(*looked, badRows_);
    return RowPieces::File{path, looked->detected.options};
}

Expected<void> RowSender::stage(RowPieces& pieces, Sent& sent, const Refuse& refuse)
{
    std::int64_t staged = 0;
    for (;;) {
        Expected<std::optional<RowPiece>> piece = pieces.next();
        if (!piece)
            return fail(piece.error());
        if (!*piece)
            return {};
        for (const RowPiece::Refused& row : (*piece)->refused)
            refuse(row);
        sent.refused += static_cast<std::int64_t>((*piece)->refused.size());
        if ((*piece)->rows == 0 || (sent.refused > 0 && badRows_ == BadRows::RefuseAll))
            continue;
        const auto added =
            api_.call("POST", "imports/" + import_ + "/rows?at=" + std::to_string(staged), std::move((*piece)->body));
        if (!added)
            return fail(added.error());
        staged += (*piece)->rows;
        sent.oddHours += (*piece)->oddHours;
    }
}

Expected<std::int64_t> RowSender::commit()
{
    const Expected<Json> committed = api_.json("POST", "imports/" + import_ + "/commit");
    if (!committed)
        return fail(committed.error());
    return committed->value("accepted", std::int64_t(0));
}

} // namespace iotman
