// Sources and their settings as JSON: the only place that spells their members.
#include "core/model/mirrorsettings.h"
#include "core/model/resourcejson.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace iotman {

namespace {

constexpr std::array<std::pair<SourceKind, std::string_view>, 6> sourceKinds{{
    {SourceKind::Http, "http"},
    {SourceKind::File, "file"},
    {SourceKind::System, "system"},
    {SourceKind::Generator, "generator"},
    {SourceKind::Replay, "replay"},
    {SourceKind::Mirror, "mirror"},
}};

SourceKind readKind(ObjectReader& reader)
{
    const std::string given = reader.requiredText("kind");
    for (const auto& [kind, name] : sourceKinds) {
        if (given == name)
            return kind;
    }
    reader.refuse({Problem::BadRequest, "kind: expected http, file, system, generator, replay or mirror, but got “" + given + "”",
                   "kind", 0, "/kind"});
    return SourceKind::Http;
}

void checkSystem(ObjectReader& reader)
{
    constexpr std::array<std::string_view, 5> metrics{"cpu", "memory", "disk", "network", "temperature"};
    const Json* interval = reader.any("interval");
    if (interval && !(isNumber(*interval) && numberIn(*interval) >= 0.1 && numberIn(*interval) <= 86'400))
        reader.refuse(
            {Problem::BadRequest, "settings: expected an interval from 0.1 to 86400 seconds", "settings", 0, "/interval"});
    const std::vector<std::string> chosen = reader.texts("metrics");
    if (reader.has("metrics") && chosen.empty())
        reader.refuse({Problem::BadRequest, "settings: expected at least one of the metrics", "settings", 0, "/metrics"});
    for (const std::string& metric : chosen) {
        if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
            reader.refuse({Problem::BadRequest,
                           "settings: expected metrics of cpu, memory, disk, network, temperature, but got “" + metric + "”",
                           "settings", 0, "/metrics"});
    }
}

bool isNumberFrom(const Json* json, double least, double most)
{
    return !json || (isNumber(*json) && numberIn(*json) >= least && numberIn(*json) <= most);
}

/// A signal's name is a member of payloads, its place in the settings the place in errors.
Expected<void> checkSignal(const Json& json)
{
    constexpr std::array<std::string_view, 5> signalKinds{"constant", "ramp", "sine", "walk", "noise"};
    constexpr double mostValue = 1e15;
    constexpr double mostPeriod = 1e9;
    ObjectReader reader(json);
    const std::string name = reader.requiredText("name");
    if (name.empty() || characters(name) > 64)
        reader.refuse({Problem::BadRequest, "name: expected 1 to 64 characters", "settings", 0, "/name"});
    const std::string kind = reader.requiredText("kind");
    if (std::find(signalKinds.begin(), signalKinds.end(), kind) == signalKinds.end())
        reader.refuse(
            {Problem::BadRequest, "kind: expected constant, ramp, sine, walk or noise, but got “" + kind + "”", "settings", 0, "/kind"});
    const Json* min = reader.any("min");
    const Json* max = reader.any("max");
    if (!isNumberFrom(min, -mostValue, mostValue))
        reader.refuse({Problem::BadRequest, "min: expected a number from -1e15 to 1e15", "settings", 0, "/min"});
    if (!isNumberFrom(max, -mostValue, mostValue))
        reader.refuse({Problem::BadRequest, "max: expected a number from -1e15 to 1e15", "settings", 0, "/max"});
    else if (min && max && isNumber(*min) && numberIn(*min) > numberIn(*max))
        reader.refuse({Problem::BadRequest, "max: expected a number that is not below min", "settings", 0, "/max"});
    if (const Json* period = reader.any("period"); !isNumberFrom(period, 1e-3, mostPeriod))
        reader.refuse({Problem::BadRequest, "period: expected seconds from 0.001 to 1e9", "settings", 0, "/period"});
    if (const Json* outages = reader.any("outages"); !isNumberFrom(outages, 0, 1))
        reader.refuse({Problem::BadRequest, "outages: expected a part from 0 to 1", "settings", 0, "/outages"});
    return reader.finish();
}

void checkGenerator(ObjectReader& reader)
{
    constexpr std::size_t mostSignals = 100;
    reader.integer("seed", 0, INT64_MIN, INT64_MAX);
    if (!isNumberFrom(reader.any("interval"), 0.01, 86'400))
        reader.refuse({Problem::BadRequest, "settings: expected an interval from 0.01 to 86400 seconds", "settings", 0, "/interval"});
    const Json* signals = reader.array("signals");
    if (!signals || signals->empty() || signals->size() > mostSignals) {
        reader.refuse({Problem::BadRequest, "settings: expected 1 to 100 signals", "settings", 0, signals ? "/signals" : ""});
        return;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < signals->size(); ++i) {
        const std::string place = "/signals/" + std::to_string(i);
        if (auto checked = checkSignal((*signals)[i]); !checked) {
            reader.refuse(checked.error().within("signal " + std::to_string(i + 1)).below(place));
            return;
        }
        names.push_back((*signals)[i]["name"].get<std::string>());
        if (std::find(names.begin(), names.end() - 1, names.back()) != names.end() - 1)
            reader.refuse({Problem::BadRequest, "settings: the signal “" + names.back() + "” stands there twice", "settings", 0, place});
    }
}

void checkReplay(ObjectReader& reader)
{
    reader.parsed<SourceName>("recording");
    if (!isNumberFrom(reader.any("speed"), 0.001, 1e6))
        reader.refuse({Problem::BadRequest, "settings: expected a speed from 0.001 to 1e6", "settings", 0, "/speed"});
    const std::optional<Timestamp> from = reader.time("from");
    const std::optional<Timestamp> to = reader.time("to");
    if (from && to && *to < *from)
        reader.refuse({Problem::BadRequest, "settings: expected a “to” that is not before “from”", "settings", 0, "/to"});
    reader.flag("loop", false);
    reader.flag("paused", false);
}

void checkFile(ObjectReader& reader, FilePath path)
{
    if (path == FilePath::Refused && reader.has("path"))
        reader.refuse({Problem::BadRequest,
                       "settings: “path” is for workspace files and the command line; send rows to /api/imports", "settings", 0,
                       "/path"});
    constexpr std::size_t longestPath = 4096, longestText = 200;
    for (const char* member : {"path", "format", "encoding", "time_column", "time_unit", "zone"}) {
        const std::size_t most = std::string_view(member) == "path" ? longestPath : longestText;
        if (reader.optionalText(member).value_or("").size() > most)
            reader.refuse({Problem::BadRequest, std::string("settings: expected at most ") + std::to_string(most) + " bytes in “" + member + "”",
                           "settings", 0, std::string("/") + member});
    }
}

void checkRetention(ObjectReader& reader)
{
    const Json* retention = reader.object("retention");
    if (!retention)
        return;
    ObjectReader inner(*retention);
    for (const char* member : {"age", "count", "bytes"})
        inner.integer(member, 0, 1, INT64_MAX);
    if (auto done = inner.finish(); !done)
        reader.refuse(done.error().below("/retention"));
}

/// What the settings of a kind may hold. The kinds whose settings are richer are read by what runs them.
Expected<void> checkSettings(const Json& settings, SourceKind kind, FilePath path)
{
    ObjectReader reader(settings);
    checkRetention(reader);
    switch (kind) {
    case SourceKind::Http:
        break;
    case SourceKind::System:
        checkSystem(reader);
        break;
    case SourceKind::File:
        checkFile(reader, path);
        break;
    case SourceKind::Generator:
        checkGenerator(reader);
        break;
    case SourceKind::Replay:
        checkReplay(reader);
        break;
    case SourceKind::Mirror:
        checkMirror(reader, path == FilePath::Allowed ? SecretVariable::Allowed : SecretVariable::Refused);
        break;
    }
    return reader.finish();
}

Json readSettings(ObjectReader& reader, SourceKind kind, FilePath path)
{
    const Json* settings = reader.object("settings");
    const Json none = Json::object();
    const bool needsSome = kind == SourceKind::Generator || kind == SourceKind::Replay || kind == SourceKind::Mirror;
    if (!settings && !needsSome)
        return none;
    if (!settings)
        settings = &none; // which lacks what the kind needs
    if (auto checked = checkSettings(*settings, kind, path); !checked)
        reader.refuse(checked.error().at("settings").below("/settings"));
    return *settings;
}

std::optional<std::string> readTime(ObjectReader& reader)
{
    return reader.optionalText("time");
}

} // namespace

std::string_view text(SourceKind kind)
{
    for (const auto& [value, name] : sourceKinds) {
        if (value == kind)
            return name;
    }
    return {};
}

Json storedJson(const Source& source)
{
    return {{"key", source.key},
            {"name", source.name.text},
            {"kind", text(source.kind)},
            {"settings", source.settings},
            {"time", source.time ? Json(*source.time) : Json(nullptr)},
            {"required_scope", nameOrNull(source.requiredScope)},
            {"enabled", source.enabled},
            {"created_at", timeJson(source.made.at)},
            {"created_by", source.made.by}};
}

namespace {

Source readSource(ObjectReader& reader)
{
    Source source;
    source.name = reader.parsed<SourceName>("name");
    source.kind = readKind(reader);
    if (const Json* settings = reader.object("settings"))
        source.settings = *settings;
    source.time = readTime(reader);
    source.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    source.enabled = reader.flag("enabled", true);
    source.made = readMade(reader);
    return source;
}

} // namespace

Expected<Source> sourceFromStored(const Json& json)
{
    ObjectReader reader(json);
    const SourceKey key = reader.integer("key", 0, 1, INT64_MAX);
    Source source = readSource(reader);
    source.key = key;
    return finished(reader, std::move(source));
}

Json toJson(const SourceView& view)
{
    const Source& source = view.source;
    return {{"name", source.name.text},
            {"kind", text(source.kind)},
            {"settings", source.settings},
            {"time", source.time ? Json(*source.time) : Json(nullptr)},
            {"required_scope", nameOrNull(source.requiredScope)},
            {"enabled", source.enabled},
            {"ingest_url", view.ingestUrl ? Json(*view.ingestUrl) : Json(nullptr)},
            {"datapoints", view.datapoints},
            {"last_datapoint_at", timeJson(view.lastDatapointAt)},
            {"created_at", timeJson(source.made.at)},
            {"created_by", source.made.by}};
}

Expected<SourceView> sourceViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    SourceView view;
    view.source = readSource(reader);
    view.ingestUrl = reader.optionalText("ingest_url");
    view.datapoints = reader.integer("datapoints", 0, 0, INT64_MAX);
    view.lastDatapointAt = reader.time("last_datapoint_at");
    return finished(reader, std::move(view));
}

Expected<SourceDraft> sourceDraftFrom(const Json& json, FilePath path)
{
    ObjectReader reader(json);
    SourceDraft draft;
    draft.name = reader.parsed<SourceName>("name");
    draft.kind = readKind(reader);
    draft.settings = readSettings(reader, draft.kind, path);
    if (draft.kind == SourceKind::Mirror)
        draft.secret = takeSecret(draft.settings);
    draft.time = readTime(reader);
    draft.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    draft.enabled = reader.flag("enabled", true);
    return finished(reader, std::move(draft));
}

Json toJson(const SourceDraft& draft)
{
    return {{"name", draft.name.text},
            {"kind", text(draft.kind)},
            {"settings", withSecret(draft.settings, draft.secret)},
            {"time", draft.time ? Json(*draft.time) : Json(nullptr)},
            {"required_scope", nameOrNull(draft.requiredScope)},
            {"enabled", draft.enabled}};
}

Expected<SourcePatch> sourcePatchFrom(const Json& json, const Source& now)
{
    ObjectReader reader(json);
    SourcePatch patch;
    if (reader.has("settings")) {
        const Json::json_pointer path("/settings/path");
        const bool same = json.contains(path) && now.settings.contains("path") && json[path] == now.settings["path"];
        patch.settings = readSettings(reader, now.kind, same ? FilePath::Allowed : FilePath::Refused);
        if (now.kind == SourceKind::Mirror)
            patch.secret = takeSecret(*patch.settings);
    }
    if (reader.has("time"))
        patch.time = readTime(reader);
    patch.requiredScope = patchedName<ScopeName>(reader, "required_scope");
    patch.enabled = patchedFlag(reader, "enabled");
    return finished(reader, std::move(patch));
}

} // namespace iotman
