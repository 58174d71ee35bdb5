// Sources and their settings as JSON: the only place that spells their members.
#include "core/model/resourcejson.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace iotman {

namespace {

constexpr std::array<std::pair<SourceKind, std::string_view>, 6> kinds{{
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
    for (const auto& [kind, name] : kinds) {
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
    if (interval && !(interval->is_number() && interval->get<double>() >= 0.1 && interval->get<double>() <= 86'400))
        reader.refuse(
            {Problem::BadRequest, "settings: expected an interval from 0.1 to 86400 seconds", "settings", 0, "/interval"});
    for (const std::string& metric : reader.texts("metrics")) {
        if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
            reader.refuse({Problem::BadRequest,
                           "settings: expected metrics of cpu, memory, disk, network, temperature, but got “" + metric + "”",
                           "settings", 0, "/metrics"});
    }
}

void checkFile(ObjectReader& reader, FilePath path)
{
    if (path == FilePath::Refused && reader.has("path"))
        reader.refuse({Problem::BadRequest,
                       "settings: “path” is for workspace files and the command line; send rows to /api/imports", "settings", 0,
                       "/path"});
    for (const char* member : {"path", "format", "time_column", "time_unit", "zone"})
        reader.optionalText(member);
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
    case SourceKind::Replay:
    case SourceKind::Mirror:
        reader.refuse(
            {Problem::BadRequest, "kind: sources of kind " + std::string(text(kind)) + " cannot be made on this server", "kind"});
        break;
    }
    return reader.finish();
}

Json readSettings(ObjectReader& reader, SourceKind kind, FilePath path)
{
    const Json* settings = reader.object("settings");
    if (!settings)
        return Json::object();
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
    for (const auto& [value, name] : kinds) {
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
    draft.time = readTime(reader);
    draft.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    draft.enabled = reader.flag("enabled", true);
    return finished(reader, std::move(draft));
}

Json toJson(const SourceDraft& draft)
{
    return {{"name", draft.name.text},
            {"kind", text(draft.kind)},
            {"settings", draft.settings},
            {"time", draft.time ? Json(*draft.time) : Json(nullptr)},
            {"required_scope", nameOrNull(draft.requiredScope)},
            {"enabled", draft.enabled}};
}

Expected<SourcePatch> sourcePatchFrom(const Json& json, SourceKind kind)
{
    ObjectReader reader(json);
    SourcePatch patch;
    if (reader.has("settings"))
        patch.settings = readSettings(reader, kind, FilePath::Refused);
    if (reader.has("time"))
        patch.time = readTime(reader);
    patch.requiredScope = patchedName<ScopeName>(reader, "required_scope");
    patch.enabled = patchedFlag(reader, "enabled");
    return finished(reader, std::move(patch));
}

} // namespace iotman
