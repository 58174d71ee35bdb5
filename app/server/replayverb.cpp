// `replay show|pause|resume|step|speed NAME`: what is recorded, played at one's own pace.
#include "app/server/folderapi.h"
#include "app/server/verbs.h"
#include "core/model/encoding.h"

namespace iotman {

namespace {

/// Sets one member of the source's settings; the others stay.
Expected<void> setSetting(FolderApi& api, const std::string& path, const char* member, Json value)
{
    const Expected<Json> source = api.json("GET", path);
    if (!source)
        return fail(source.error());
    if (source->value("kind", std::string()) != "replay")
        return fail(Problem::NotFound, "the source “" + source->value("name", std::string()) + "” is no replay");
    Json settings = source->value("settings", Json::object());
    settings[member] = std::move(value);
    return api.json("PATCH", path, {{"settings", std::move(settings)}}).map([](const Json&) {});
}

/// `STATE RECORDED NOW`, the times in ISO 8601, `-` where there is none.
Expected<int> printState(const Json& state)
{
    const auto time = [&](const char* member) {
        const std::optional<Timestamp> seconds = timeIn(state.value(member, Json()));
        return seconds ? seconds->iso() : std::string("-");
    };
    return printLine(state.value("state", std::string()) + " " + time("recorded_at") + " " + time("now")).map([] {
        return exitDone;
    });
}

} // namespace

Expected<int> replay(const ReplayArguments& arguments, const World& world)
{
    using Do = ReplayArguments::Do;
    const auto api = FolderApi::open(arguments.folder, FolderApi::Missing::Refused, world.clock, world.random);
    if (!api)
        return fail(api.error());
    const std::string path = "sources/" + percentEncoded(arguments.source.text);
    Expected<void> set;
    switch (arguments.what) {
    case Do::Step:
        return (*api)->json("POST", path + "/replay/step", {{"datapoints", arguments.datapoints}}).and_then(printState);
    case Do::Pause:
    case Do::Resume:
        set = setSetting(**api, path, "paused", arguments.what == Do::Pause);
        break;
    case Do::Speed:
        set = setSetting(**api, path, "speed", Json::parse(arguments.speed, nullptr, false));
        break;
    case Do::Show:
        break;
    }
    if (!set)
        return fail(set.error());
    return (*api)->json("GET", path + "/replay").and_then(printState);
}

} // namespace iotman
