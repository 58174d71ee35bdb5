#include "core/model/testweather.h"

#include "core/model/chance.h"
#include "core/model/resourcejson.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr std::int64_t leastCutAfterUs = Timestamp::usPerSecond / 10;
constexpr std::int64_t greatestSeed = (std::int64_t(1) << 53) - 1; // what every JSON reader keeps

void refuseMember(ObjectReader& reader, const std::string& member, const std::string& what, const Json& got)
{
    reader.refuse({Problem::BadRequest, member + ": expected " + what + ", but got " + shown(jsonText(got)), member, 0, "/" + member});
}

double share(ObjectReader& reader, const std::string& member)
{
    const Json* given = reader.any(member);
    if (!given)
        return 0;
    if (!isNumber(*given) || !(numberIn(*given) >= 0 && numberIn(*given) <= 1)) {
        refuseMember(reader, member, "a number from 0 to 1", *given);
        return 0;
    }
    return numberIn(*given);
}

std::optional<std::int64_t> secondsIn(const Json& value, std::int64_t least, std::int64_t most)
{
    const std::optional<Timestamp> time = timeIn(value);
    return time && time->us >= least && time->us <= most ? std::optional(time->us) : std::nullopt;
}

void readDelay(ObjectReader& reader, TestWeather& weather)
{
    const Json* given = reader.object("delay");
    if (!given)
        return;
    ObjectReader span(*given);
    const auto bound = [&](const char* member, std::int64_t fallback) {
        const Json* value = span.any(member);
        if (!value)
            return fallback;
        const std::optional<std::int64_t> us = secondsIn(*value, 0, mostDelayUs);
        if (!us)
            refuseMember(reader, "delay", "seconds from 0 to 60 as “" + std::string(member) + "”", *value);
        return us.value_or(fallback);
    };
    weather.leastDelayUs = bound("min", 0);
    weather.mostDelayUs = bound("max", weather.leastDelayUs);
    if (const auto done = span.finish(); !done)
        reader.refuse(done.error().below("/delay"));
    if (weather.leastDelayUs > weather.mostDelayUs)
        refuseMember(reader, "delay", "“min” not above “max”", *given);
}

TestWeather readWeather(ObjectReader& reader)
{
    TestWeather weather;
    readDelay(reader, weather);
    weather.errorRate = share(reader, "error_rate");
    if (const Json* status = reader.any("error_status")) {
        const bool isKnown = status->is_number_integer() &&
                             std::find(weatherStatuses.begin(), weatherStatuses.end(), status->get<std::int64_t>()) != weatherStatuses.end();
        if (isKnown)
            weather.errorStatus = status->get<int>();
        else
            refuseMember(reader, "error_status", "429, 500, 502, 503 or 504", *status);
    }
    weather.stallRate = share(reader, "stall_rate");
    weather.expiredRate = share(reader, "expired_rate");
    if (const Json* after = reader.any("cut_after"); after && !after->is_null()) {
        weather.cutAfterUs = secondsIn(*after, leastCutAfterUs, mostCutAfterUs);
        if (!weather.cutAfterUs)
            refuseMember(reader, "cut_after", "null or seconds from 0.1 to 3600", *after);
    }
    weather.seed = reader.integer("seed", weather.seed, 0, greatestSeed);
    return weather;
}

void writeWeather(Json& json, const TestWeather& weather)
{
    json["delay"] = {{"min", timeJson(Timestamp{weather.leastDelayUs})}, {"max", timeJson(Timestamp{weather.mostDelayUs})}};
    json["error_rate"] = weather.errorRate;
    json["error_status"] = weather.errorStatus;
    json["stall_rate"] = weather.stallRate;
    json["expired_rate"] = weather.expiredRate;
    json["cut_after"] = weather.cutAfterUs ? timeJson(Timestamp{*weather.cutAfterUs}) : Json(nullptr);
    json["seed"] = weather.seed;
}

/// Numbers from 0 to below 1 that belong to one request. Each question has its own, so that one that is not asked moves no other.
class Dice {
public:
    Dice(std::int64_t seed, std::uint64_t number) : base_(mixed(mixed(static_cast<std::uint64_t>(seed)) ^ number)) {}
    enum Question : std::uint64_t { Stall, Error, Delay, Expired, Cut };
    double roll(Question question) const { return chance(base_, question); }

private:
    std::uint64_t base_;
};

} // namespace

bool TestWeather::isCalm() const
{
    return mostDelayUs == 0 && errorRate == 0 && stallRate == 0 && expiredRate == 0 && !cutAfterUs;
}

Json toJson(const WeatherDraft& draft)
{
    Json json = Json::object();
    writeWeather(json, draft.weather);
    if (draft.until)
        json["until"] = timeJson(*draft.until);
    if (draft.lastsUs)
        json["lasts"] = timeJson(Timestamp{*draft.lastsUs});
    return json;
}

Expected<WeatherDraft> weatherDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    WeatherDraft draft;
    draft.weather = readWeather(reader);
    draft.until = reader.time("until");
    if (const Json* lasts = reader.any("lasts")) {
        draft.lastsUs = secondsIn(*lasts, 1, mostWeatherUs);
        if (!draft.lastsUs || draft.until)
            refuseMember(reader, "lasts", "seconds up to 86400, and no “until” beside it", *lasts);
    }
    draft.endpoint = reader.optionalParsed<EndpointId>("endpoint");
    for (const char* member : {"created_at", "created_by"})
        reader.ignore(member);
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    if (draft.weather.isCalm())
        return fail(Problem::BadRequest, "expected at least one of “delay”, “error_rate”, “stall_rate”, “expired_rate” and “cut_after”; "
                                         "DELETE ends the weather");
    return draft;
}

Json toJson(const WeatherView& view)
{
    Json json{{"endpoint", view.endpoint.text}};
    writeWeather(json, view.weather);
    json["until"] = timeJson(view.until);
    json["created_at"] = timeJson(view.made.at);
    json["created_by"] = view.made.by;
    return json;
}

Expected<WeatherView> weatherViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    WeatherView view;
    view.endpoint = reader.parsed<EndpointId>("endpoint");
    view.weather = readWeather(reader);
    view.until = reader.time("until").value_or(Timestamp{});
    view.made = readMade(reader);
    return finished(reader, std::move(view));
}

Fate fateOf(const TestWeather& weather, std::uint64_t number)
{
    const Dice dice(weather.seed, number);
    Fate fate;
    const auto span = static_cast<double>(weather.mostDelayUs - weather.leastDelayUs);
    fate.delayUs = weather.leastDelayUs + std::llround(dice.roll(Dice::Delay) * span);
    fate.isStalled = dice.roll(Dice::Stall) < weather.stallRate;
    if (!fate.isStalled && dice.roll(Dice::Error) < weather.errorRate)
        fate.status = weather.errorStatus;
    fate.isExpired = dice.roll(Dice::Expired) < weather.expiredRate;
    if (weather.cutAfterUs)
        fate.cutAfterUs = std::llround((0.5 + dice.roll(Dice::Cut)) * static_cast<double>(*weather.cutAfterUs));
    return fate;
}

} // namespace iotman
