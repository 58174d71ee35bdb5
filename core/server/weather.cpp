#include "core/server/weather.h"

namespace iotman::server {

std::optional<Fate> Weather::next(const EndpointId& endpoint)
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    const auto found = entries_.find(endpoint);
    if (found == entries_.end())
        return std::nullopt;
    return fateOf(found->second.view.weather, found->second.requests++);
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
    return replace(id, Entry{std::move(view)}, check);
}

Expected<std::optional<WeatherView>> Weather::end(const EndpointId& endpoint, const Check& check)
{
    return replace(endpoint, std::nullopt, check);
}

Expected<std::optional<WeatherView>> Weather::replace(const EndpointId& endpoint, std::optional<Entry> entry, const Check& check)
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    const auto found = entries_.find(endpoint);
    std::optional<WeatherView> before;
    if (found != entries_.end())
        before = found->second.view;
    if (const auto agreed = check(before ? &*before : nullptr); !agreed)
        return fail(agreed.error());
    if (found != entries_.end())
        entries_.erase(found);
    if (entry)
        entries_.emplace(endpoint, std::move(*entry));
    changed();
    return before;
}

void Weather::prune(const Catalog& catalog)
{
    const std::lock_guard lock(mutex_);
    if (std::erase_if(entries_, [&](const auto& entry) { return !catalog.endpoints.contains(entry.first); }) > 0)
        changed();
}

std::uint64_t Weather::changes()
{
    const std::lock_guard lock(mutex_);
    dropEnded();
    return changes_;
}

/// With the mutex held, as `changed`.
void Weather::dropEnded()
{
    const Timestamp now = clock_.now();
    if (std::erase_if(entries_, [&](const auto& entry) { return entry.second.view.until <= now; }) > 0)
        changed();
}

void Weather::changed()
{
    isOn_ = !entries_.empty();
    ++changes_;
}

} // namespace iotman::server
