#include "core/pipeline/namedfiles.h"

namespace iotman::pipeline {

namespace {

constexpr const char* settingsMember = "/settings";

/// An error about what a source says of its file; `pointer` is below the source.
Error ofTheSettings(const Error& error, const char* pointer)
{
    return {Problem::BadRequest, "settings: " + error.detail, "settings", 0, pointer};
}

Expected<RowTimes> timesOf(const SourceDraft& source, const Clock& clock)
{
    std::optional<rules::TimeExpression> expression;
    if (source.time) {
        Expected<rules::TimeExpression> compiled = rules::TimeExpression::compile(*source.time);
        if (!compiled)
            return fail(compiled.error().below("/time"));
        expression.emplace(std::move(*compiled));
    }
    return RowTimes(source.name, std::move(expression), clock.now());
}

/// The first row that is no datapoint.
Expected<void> checkRows(RowTimes& times, const NamedFile& file, const files::Options& options)
{
    std::optional<Error> first;
    const auto refuse = [&](std::int64_t line, const std::string& why) {
        if (first)
            return;
        first.emplace(Error{Problem::BadRequest, file.path.string() + ":" + std::to_string(line) + ": " + why});
        first->line = static_cast<int>(line);
    };
    const auto take = [&](files::Row& row) -> Expected<void> {
        const Expected<Timestamp> time = times.of(row);
        if (!time)
            refuse(row.line, time.error().detail);
        return first ? Expected<void>(fail(*first)) : Expected<void>();
    };
    const auto read =
        eachRow(file.path, options, take, [&](const files::Refusal& refusal) { refuse(refusal.line, refusal.reason); });
    if (first)
        return fail(*first);
    if (!read)
        return fail(read.error().line > 0 ? errorOfFile(file.path, read.error())
                                          : ofTheSettings(read.error().within(file.path.string()), "/settings/path"));
    return {};
}

Expected<void> checkFile(const SourceDraft& source, const std::filesystem::path& folder, Guesses guesses,
                         const ImportedBefore& importedBefore, const Clock& clock)
{
    if (auto checked = checkFileSettings(source.kind, source.settings); !checked)
        return checked;
    const Expected<std::optional<NamedFile>> file = fileOf(source, folder);
    if (!file)
        return fail(ofTheSettings(file.error(), settingsMember));
    if (!*file)
        return {};
    Expected<RowTimes> times = timesOf(source, clock);
    if (!times)
        return fail(times.error());
    const Expected<FileLook> look = lookAt((*file)->path, times->unguessed((*file)->choices));
    if (!look)
        return fail(ofTheSettings(look.error(), "/settings/path"));
    if (importedBefore(source, *look))
        return {};
    const auto refuseGuess = [&](files::Setting setting, bool isChosen, const char* member) -> Expected<void> {
        const files::Reason* guess = look->detected.reason(setting);
        if (guesses == Guesses::Taken || isChosen || !guess || guess->sure)
            return {};
        return fail(ofTheSettings({Problem::BadRequest, (*file)->path.string() + ": " + guess->text + " Say “" + member + "”."},
                                  settingsMember));
    };
    if (const auto done = refuseGuess(files::Setting::Encoding, (*file)->choices.encoding.has_value(), "encoding"); !done)
        return done;
    if (const auto done = refuseGuess(files::Setting::TimeFormat, (*file)->choices.timeFormat.has_value(), "time_unit"); !done)
        return done;
    return checkRows(*times, **file, look->detected.options);
}

/// Empty where it is not there.
std::string wordOf(const Json& settings, const char* member)
{
    const auto found = settings.find(member);
    return found != settings.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

Expected<files::Choices> choicesOf(const Json& settings)
{
    Expected<files::Choices> choices =
        files::Choices::fromWords(wordOf(settings, "format"), wordOf(settings, "time_column"), wordOf(settings, "time_unit"), wordOf(settings, "zone"));
    if (!choices)
        return choices;
    if (const std::string encoding = wordOf(settings, "encoding"); !encoding.empty()) {
        const Expected<files::Encoding> chosen = files::encodingFromWord(encoding);
        if (!chosen)
            return fail(chosen.error());
        choices->encoding = *chosen;
    }
    return choices;
}

Expected<void> checkFileSettings(SourceKind kind, const Json& settings)
{
    if (kind != SourceKind::File)
        return {};
    const Expected<files::Choices> choices = choicesOf(settings);
    if (choices)
        return {};
    const std::string& member = choices.error().field;
    return fail(ofTheSettings(choices.error().within(member), ("/settings/" + member).c_str()));
}

Expected<std::optional<NamedFile>> fileOf(const SourceDraft& source, const std::filesystem::path& folder)
{
    const std::filesystem::path path = wordOf(source.settings, "path");
    if (source.kind != SourceKind::File || path.empty())
        return std::optional<NamedFile>();
    Expected<files::Choices> choices = choicesOf(source.settings);
    if (!choices)
        return fail(choices.error());
    return NamedFile{path.is_absolute() ? path : folder / path, std::move(*choices)};
}

Expected<void> checkFiles(const std::vector<SourceDraft>& sources, const std::filesystem::path& folder, Guesses guesses,
                          const ImportedBefore& importedBefore, const Clock& clock)
{
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Expected<void> checked = checkFile(sources[i], folder, guesses, importedBefore, clock);
        if (checked)
            continue;
        if (checked.error().line > 0) // a row's, which names its file
            return checked;
        return fail(checked.error().within("sources “" + sources[i].name.text + "”").below("/sources/" + std::to_string(i)));
    }
    return {};
}

} // namespace iotman::pipeline
