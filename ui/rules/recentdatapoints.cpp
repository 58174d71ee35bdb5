#include "ui/rules/recentdatapoints.h"

#include "core/rules/payload.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace iotman::ui {

namespace {

bool read(const rules::Payload& answer, std::uint32_t node, RecentDatapoint& into)
{
    if (answer.node(node).kind != rules::Payload::Kind::Object)
        return false;
    const std::uint32_t time = answer.member(node, "time");
    const std::uint32_t sequence = answer.member(node, "sequence");
    const std::uint32_t payload = answer.member(node, "payload");
    if (time == 0 || sequence == 0 || payload == 0)
        return false;
    const auto parsed = Timestamp::parseSeconds(answer.text(time), "time");
    const std::string_view digits = answer.text(sequence);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into.sequence);
    if (!parsed || error != std::errc() || end != digits.data() + digits.size())
        return false;
    into.time = *parsed;
    into.payload = answer.text(payload);
    return true;
}

} // namespace

Expected<std::vector<RecentDatapoint>> recentDatapointsFrom(std::string_view answer, std::string_view source)
{
    rules::Payload parsed;
    const auto refused = [] { return fail(Problem::Internal, "the server's answer holds no datapoints"); };
    if (auto done = parsed.parse(answer, rules::greatestEnvelopeDepth); !done || !parsed.isObject())
        return refused();
    const std::uint32_t data = parsed.member(0, "data");
    if (data == 0 || parsed.node(data).kind != rules::Payload::Kind::Array)
        return refused();
    std::vector<RecentDatapoint> found;
    for (std::uint32_t node = data + 1; node < parsed.node(data).next; node = parsed.node(node).next) {
        RecentDatapoint datapoint;
        if (!read(parsed, node, datapoint))
            return refused();
        datapoint.source = source;
        found.push_back(std::move(datapoint));
    }
    return found;
}

std::vector<RecentDatapoint> merged(std::vector<std::vector<RecentDatapoint>> lists, std::size_t limit)
{
    std::vector<RecentDatapoint> all;
    for (std::vector<RecentDatapoint>& list : lists)
        std::move(list.begin(), list.end(), std::back_inserter(all));
    std::sort(all.begin(), all.end(), [](const RecentDatapoint& a, const RecentDatapoint& b) { return a.sequence > b.sequence; });
    if (all.size() > limit)
        all.resize(limit);
    return all;
}

} // namespace iotman::ui
