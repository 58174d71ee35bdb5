// The test weather of endpoints. In memory only: a server that starts anew has none.
#pragma once

#include "core/model/catalog.h"
#include "core/model/clock.h"
#include "core/model/testweather.h"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace iotman::server {

/// What a request got, and of which weather.
struct Struck {
    EndpointId endpoint;
    std::uint64_t weather = 0; ///< its number
    Fate fate;
};

/// Any thread.
class Weather {
public:
    explicit Weather(const Clock& clock)
        : clock_(clock)
    {
    }

    /// Whether any endpoint has some, or had lately; costs nothing to ask.
    bool isOn() const { return isOn_.load(std::memory_order_relaxed); }
    /// What the next request for the endpoint gets; nothing where the weather is fine.
    std::optional<Struck> next(const EndpointId& endpoint);
    /// Whether the weather that struck goes on: neither ended nor replaced.
    bool goesOn(const Struck& struck);

    /// By endpoint; what has ended is not among them.
    std::map<EndpointId, WeatherView> all();
    /// What the endpoint has now; null: nothing.
    using Check = std::function<Expected<void>(const WeatherView* now)>;
    /// Replaces what the endpoint of `view` has, if `check` agrees, and counts its requests anew. What it had. Errors: those of `check`.
    Expected<std::optional<WeatherView>> begin(WeatherView view, const Check& check);
    Expected<std::optional<WeatherView>> end(const EndpointId& endpoint, const Check& check);
    void endAll();
    /// Endpoints that are gone have no weather.
    void prune(const Catalog& catalog);

private:
    struct Entry {
        WeatherView view;
        std::uint64_t number = 0;
        std::uint64_t requests = 0;
    };
    Expected<std::optional<WeatherView>> replace(const EndpointId& endpoint, std::optional<WeatherView> view, const Check& check);
    /// With the mutex held.
    template <class Which>
    void drop(const Which& which);
    void dropEnded();

    const Clock& clock_;
    std::mutex mutex_;
    std::map<EndpointId, Entry> entries_;
    std::uint64_t lastNumber_ = 0;
    std::atomic<bool> isOn_ = false;
};

} // namespace iotman::server
