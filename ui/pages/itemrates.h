// How many items a second an output makes: from the counts that the server tells now and then.
#pragma once

#include "core/model/resources.h"

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace iotman::ui {

/// Keeps the counts of the last ten seconds or so. A plain value.
class ItemRates {
public:
    /// What the server answered at `now`. Outputs that are gone are forgotten.
    void sample(Timestamp now, const std::vector<OutputView>& outputs);

    /// Items a second over the time that is kept; nothing before two answers came. A count that fell (items were remade or
    /// expired) starts anew.
    std::optional<double> of(const OutputId& output) const;

    /// The sum over all outputs: what the workspace makes; nothing where no output has a rate yet.
    std::optional<double> total() const;

private:
    struct Count {
        Timestamp at;
        std::int64_t items;
    };
    std::map<OutputId, std::deque<Count>> counts_;
};

} // namespace iotman::ui
