#include "ui/pages/itemrates.h"

namespace iotman::ui {

namespace {

constexpr std::int64_t windowUs = 10'000'000;

} // namespace

void ItemRates::sample(Timestamp now, const std::vector<OutputView>& outputs)
{
    std::map<OutputId, std::deque<Count>> next;
    for (const OutputView& output : outputs) {
        std::deque<Count> counts = std::move(counts_[output.output.id]);
        if (!counts.empty() && (counts.back().items > output.items || counts.back().at > now))
            counts.clear();
        else if (!counts.empty() && counts.back().at == now)
            counts.pop_back();
        counts.push_back({now, output.items});
        // The oldest one kept lies just outside of the window, so that slow answers still span it.
        while (counts.size() > 2 && now.us - counts[1].at.us >= windowUs)
            counts.pop_front();
        next.emplace(output.output.id, std::move(counts));
    }
    counts_ = std::move(next);
}

std::optional<double> ItemRates::of(const OutputId& output) const
{
    const auto found = counts_.find(output);
    if (found == counts_.end() || found->second.size() < 2)
        return std::nullopt;
    const Count& first = found->second.front();
    const Count& last = found->second.back();
    return static_cast<double>(last.items - first.items) * 1e6 / static_cast<double>(last.at.us - first.at.us);
}

std::optional<double> ItemRates::total() const
{
    std::optional<double> sum;
    for (const auto& [id, counts] : counts_) {
        if (const std::optional<double> rate = of(id))
            sum = sum.value_or(0) + *rate;
    }
    return sum;
}

} // namespace iotman::ui
