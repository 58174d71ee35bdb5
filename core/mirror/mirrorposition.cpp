#include "core/mirror/mirrorposition.h"

#include "core/model/json.h"

#include <algorithm>

namespace iotman::mirror {

namespace {

constexpr std::size_t mostTailItems = 100;

} // namespace

std::string MirrorPosition::text() const
{
    Json json{{"url", url}, {"begun", begun}, {"next", next}, {"live", live}, {"items", items}, {"arrival", arrival.us}};
    if (!tail.empty())
        json["tail"] = tail;
    if (!held.empty()) {
        json["held"] = held;
        json["held_time"] = heldTime.us;
    }
    return jsonText(json);
}

MirrorPosition MirrorPosition::from(std::string_view note, std::string_view url)
{
    MirrorPosition fresh;
    fresh.url = url;
    const Json json = Json::parse(note, nullptr, false);
    if (!json.is_object())
        return fresh;
    ObjectReader reader(json, UnknownMembers::Ignored);
    MirrorPosition read;
    read.url = reader.text("url");
    read.begun = reader.flag("begun", false);
    read.next = reader.text("next");
    read.live = reader.text("live");
    read.items = reader.integer("items", 0, 0, INT64_MAX);
    read.arrival.us = reader.integer("arrival", 0, INT64_MIN, INT64_MAX);
    read.tail = reader.texts("tail");
    read.held = reader.texts("held");
    read.heldTime.us = reader.integer("held_time", 0, INT64_MIN, INT64_MAX);
    return reader.finish() && read.url == url ? read : fresh;
}

std::vector<std::string> noteableTail(const std::vector<std::string>& items)
{
    std::size_t bytes = 0;
    std::vector<std::string> tail;
    for (auto item = items.rbegin(); item != items.rend() && tail.size() < mostTailItems; ++item) {
        bytes += item->size();
        if (bytes > mostNotedBytes)
            break;
        tail.push_back(*item);
    }
    std::reverse(tail.begin(), tail.end());
    return tail;
}

} // namespace iotman::mirror
