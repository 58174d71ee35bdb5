#include "core/server/usagekeeper.h"

#include <chrono>

namespace iotman::server {

namespace {

constexpr auto saveEvery = std::chrono::minutes(1);
constexpr const char* noteKey = "last used";

/// Of what the catalog still has.
template <class Id, class Resources>
Json timesJson(const LastUsed<Id>& used, const Resources& resources)
{
    Json json = Json::object();
    for (const auto& [id, at] : used.all()) {
        if (resources.contains(id))
            json[id.text] = at.us;
    }
    return json;
}

template <class Id>
void readTimes(const Json& json, const char* member, LastUsed<Id>& used)
{
    const auto times = json.find(member);
    if (times == json.end() || !times->is_object())
        return;
    for (const auto& [id, at] : times->items()) {
        if (at.is_number_integer())
            used.used(Id{id}, Timestamp{at.template get<std::int64_t>()});
    }
}

} // namespace

UsageKeeper::UsageKeeper(store::Store& store, Usage& usage)
    : store_(store)
    , usage_(usage)
{
    load();
    thread_ = std::jthread([this](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            stopped_.wait_for(lock, stop, saveEvery, [] { return false; });
            save();
        }
    });
}

UsageKeeper::~UsageKeeper()
{
    thread_.request_stop();
    thread_.join();
}

void UsageKeeper::load()
{
    const auto note = store_.reader()->note(noteKey);
    if (!note || !*note)
        return;
    const Json json = Json::parse(**note, nullptr, false);
    if (!json.is_object())
        return;
    readTimes(json, "clients", usage_.clients);
    readTimes(json, "members", usage_.members);
    readTimes(json, "endpoints", usage_.endpoints);
    saved_ = **note;
}

void UsageKeeper::save()
{
    const std::shared_ptr<const Catalog> catalog = store_.catalog();
    std::string text = jsonText({{"clients", timesJson(usage_.clients, catalog->clients)},
                                 {"members", timesJson(usage_.members, catalog->members)},
                                 {"endpoints", timesJson(usage_.endpoints, catalog->endpoints)}});
    if (text == saved_)
        return;
    // A full disk costs these times and nothing else; they are written again with the next change.
    const auto done = store::await<void>([&](store::Reply<void> reply) { store_.remember({{noteKey, text}}, std::move(reply)); });
    if (done)
        saved_ = std::move(text);
}

} // namespace iotman::server
