// Bad weather on purpose: what an endpoint is made to suffer for a time, so that who reads it sees what their program does then.
#pragma once

#include "core/model/json.h"
#include "core/model/resources.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace iotman {

/// Shares are between 0, never, and 1, always.
struct TestWeather {
    std::int64_t leastDelayUs = 0, mostDelayUs = 0; ///< before an answer, and before a stream begins
    double errorRate = 0;                           ///< of requests that get `errorStatus`, streams among them
    int errorStatus = 503;
    double stallRate = 0;                  ///< of requests that get no answer, and of streams that bring nothing
    double expiredRate = 0;                ///< of requests whose token counts as expired
    std::optional<std::int64_t> cutAfterUs; ///< a stream's connection breaks after half as long to one and a half times as long
    std::int64_t seed = 1;

    /// Nothing happens in it.
    bool isCalm() const;
    bool operator==(const TestWeather&) const = default;
};

inline constexpr std::array weatherStatuses{429, 500, 502, 503, 504};
inline constexpr std::int64_t mostDelayUs = 60 * Timestamp::usPerSecond;
inline constexpr std::int64_t mostCutAfterUs = 3600 * Timestamp::usPerSecond;
inline constexpr std::int64_t usualWeatherUs = 3600 * Timestamp::usPerSecond; ///< it lasts, where nothing else is said
inline constexpr std::int64_t mostWeatherUs = 86'400 * Timestamp::usPerSecond;

/// What PUT /api/weather/{endpoint} takes.
struct WeatherDraft {
    std::optional<EndpointId> endpoint; ///< may be sent back as it was answered
    TestWeather weather;
    std::optional<Timestamp> until;
    std::optional<std::int64_t> lastsUs; ///< instead of `until`, by the server's clock; where both are missing, the usual time
};
Json toJson(const WeatherDraft& draft);
/// Errors: BadRequest, field is the member; calm weather is one.
Expected<WeatherDraft> weatherDraftFrom(const Json& json);

/// The weather of an endpoint, as /api answers it.
struct WeatherView {
    EndpointId endpoint;
    TestWeather weather;
    Timestamp until; ///< it ends by itself
    Made made;

    bool operator==(const WeatherView&) const = default;
};
Json toJson(const WeatherView& view);
Expected<WeatherView> weatherViewFrom(const Json& json);

/// What one request gets.
struct Fate {
    std::int64_t delayUs = 0;
    std::optional<int> status; ///< of the answer, instead of its own
    bool isStalled = false;
    bool isExpired = false; ///< its token, if it needs one
    std::optional<std::int64_t> cutAfterUs;

    bool operator==(const Fate&) const = default;
};
/// Of the request that is the `number`th since the weather began: for one seed always the same, whatever else is asked meanwhile.
Fate fateOf(const TestWeather& weather, std::uint64_t number);

} // namespace iotman
