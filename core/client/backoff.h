// How long to wait before the next try.
#pragma once

#include "core/model/clock.h"

#include <chrono>
#include <optional>

namespace iotman::client {

struct BackoffSettings {
    std::chrono::milliseconds first = std::chrono::milliseconds(500);
    std::chrono::milliseconds most = std::chrono::seconds(30);
    std::chrono::milliseconds stable = std::chrono::seconds(30); ///< a link open for so long counts as good again
};

/// Doubles the wait with each loss up to `most`, and draws it at random from the upper half, so that many clients that lost the
/// same server do not come back together. A connection alone resets nothing: an item does, or `stable` open. A plain value; it
/// neither waits nor reads a clock itself.
class Backoff {
public:
    /// `random` must outlive it.
    Backoff(BackoffSettings settings, Random& random)
        : settings_(settings)
        , random_(random)
    {
    }

    void opened(Timestamp now) { openedAt_ = now; }
    void received() { losses_ = 0; }
    /// The link was lost or could not be made at `now`: the wait before the next try, in (0, most].
    std::chrono::milliseconds lost(Timestamp now);
    /// No loss since the last reset.
    bool isCalm() const { return losses_ == 0; }

private:
    BackoffSettings settings_;
    Random& random_;
    int losses_ = 0;
    std::optional<Timestamp> openedAt_;
};

} // namespace iotman::client
