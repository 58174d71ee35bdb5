#include "core/server/weather.h"

namespace iotman::server {

std::optional<Struck> Weather::next(const EndpointId& endpoint)
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    const auto found = entries_.find(endpoint);
    if (found == entries_.end())
        return std::nullopt;
    Entry& entry = found->second;
    return Struck{endpoint, entry.number, fateOf(entry.view.weather, entry.requests++)};
}

bool Weather::goesOn(const Struck& struck)
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    const auto found = entries_.find(struck.endpoint);
    return found != entries_.end() && found->second.number == struck.weather;
}

std::map<EndpointId, WeatherView> Weather::all()
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    std::map<EndpointId, WeatherView> views;
    for (const auto& [id, entry] : entries_)
        views.emplace(id, entry.view);
    return views;
}

Expected<std::optional<WeatherView>> Weather::begin(WeatherView view, const Check& check)
{
    const EndpointId id = view.endpoint;
    return replace(id, std::move(view), check);
}

Expected<std::optional<WeatherView>> Weather::end(const EndpointId& endpoint, const Check& check)
{
    return replace(endpoint, std::nullopt, check);
}

Expected<std::optional<WeatherView>> Weather::replace(const EndpointId& endpoint, std::optional<WeatherView> view, const Check& check)
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    const auto found = entries_.find(endpoint);
    std::optional<WeatherView> before;
    if (found != entries_.end())
        before = found->second.view;
    if (const auto agreed = check(before ? &*before : nullptr); !agreed)
        return fail(agreed.error());
    if (view)
        entries_.insert_or_assign(endpoint, Entry{std::move(*view), ++lastNumber_});
    else if (before)
        entries_.erase(found);
    isOn_ = !entries_.empty();
    return before;
}

void Weather::endAll()
{
    const std::lock_guard lock(mutex_);
    drop([](const auto&) { return true; });
}

void Weather::prune(const Catalog& catalog)
{
    const std::lock_guard lock(mutex_);
    drop([&](const auto& entry) { return !catalog.endpoints.contains(entry.first); });
}

void Weather::dropEnded()
{
    const Timestamp now = clock_.now();
    drop([&](const auto& entry) { return entry.second.view.until <= now; });
}

template <class Which>
void Weather::drop(const Which& which)
{
    std::erase_if(entries_, which);
    isOn_ = !entries_.empty();
}

} // namespace iotman::server
