// /api/weather: what endpoints are made to suffer, for tests.
#include "core/server/managementanswers.h"

#include "core/model/shown.h"

namespace iotman::server {

namespace {

Error noWeather(const std::string& id) { return {Problem::NotFound, "the endpoint " + shown(id) + " has no test weather"}; }

Response shownWeather(const WeatherView& view)
{
    const Json json = toJson(view);
    return withTag(jsonResponse(200, json), json);
}

/// Errors: BadRequest, field is "until".
Expected<Timestamp> endOf(const WeatherDraft& draft, Timestamp now)
{
    const Timestamp end = draft.until.value_or(Timestamp{now.us + draft.lastsUs.value_or(usualWeatherUs)});
    if (end <= now || end.us - now.us > mostWeatherUs)
        return fail(Problem::BadRequest, "until: expected a time within the next 24 hours, but got " + end.seconds(), "until");
    return end;
}

/// RFC 9110 §13.1.1: what is not there matches nothing.
Expected<void> checkWeather(const Preconditions& preconditions, const WeatherView* now)
{
    if (!now && preconditions.wantOne())
        return fail(Problem::PreconditionFailed, "there is no test weather any more; load it again");
    return now ? preconditions.check(toJson(*now)) : Expected<void>();
}

std::string asText(const std::optional<WeatherView>& view) { return view ? jsonText(toJson(*view)) : std::string(); }

} // namespace

void Management::listWeather(const ManagementCall& call)
{
    answerList(context_, call, context_.weather.all(), [](const WeatherView& view) { return view; });
}

void Management::getWeather(const ManagementCall& call)
{
    const std::map<EndpointId, WeatherView> all = context_.weather.all();
    const auto found = all.find(EndpointId{call.id});
    call.reply(found == all.end() ? problemResponse(noWeather(call.id)) : shownWeather(found->second));
}

void Management::putWeather(const ManagementCall& call)
{
    const Timestamp now = context_.clock.now();
    const auto draft = bodyOf(call).and_then(weatherDraftFrom).and_then([&](WeatherDraft given) -> Expected<WeatherDraft> {
        if (given.endpoint && given.endpoint->text != call.id)
            return fail(Problem::BadRequest, "endpoint: expected “" + call.id + "”, as in the path, but got " + shown(given.endpoint->text), "endpoint");
        return given;
    });
    const auto until = draft.and_then([&](const WeatherDraft& given) { return endOf(given, now); });
    if (!until) {
        call.reply(problemResponse(until.error()));
        return;
    }
    const WeatherView view{EndpointId{call.id}, draft->weather, *until, {now, call.identity.who}};
    const Preconditions preconditions(call);
    // Asked in one breath with the beginning: of an endpoint that is deleted meanwhile it goes.
    const auto before = context_.weather.begin(view, [&](const WeatherView* present) -> Expected<void> {
        if (!context_.store.catalog()->endpoints.contains(view.endpoint))
            return fail(notFound("endpoint", call.id));
        return checkWeather(preconditions, present);
    });
    if (!before) {
        call.reply(problemResponse(before.error()));
        return;
    }
    if (context_.log)
        context_.log("test weather for endpoint " + call.id + " until " + until->iso());
    // It is there already: that its entry could not be written does not undo it.
    context_.store.journal(call.identity.who, now, {"weather", call.id, asText(*before), asText(view)},
                           [reply = call.reply, view](const Expected<void>&) { reply(shownWeather(view)); });
}

void Management::deleteWeather(const ManagementCall& call)
{
    const Preconditions preconditions(call);
    const auto before = context_.weather.end(EndpointId{call.id}, [&](const WeatherView* now) -> Expected<void> {
        return now ? checkWeather(preconditions, now) : fail(noWeather(call.id));
    });
    if (!before) {
        call.reply(problemResponse(before.error()));
        return;
    }
    if (context_.log)
        context_.log("the test weather for endpoint " + call.id + " has ended");
    context_.store.journal(call.identity.who, context_.clock.now(), {"weather", call.id, asText(*before), {}},
                           [reply = call.reply](const Expected<void>&) { reply(emptyResponse(204)); });
}

} // namespace iotman::server
