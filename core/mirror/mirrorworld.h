// What the mirrors' thread needs of the world.
#pragma once

#include "core/client/backoff.h"
#include "core/client/network.h"
#include "core/mirror/provenance.h"
#include "core/model/clock.h"

#include <chrono>

namespace iotman::pipeline {
class Pipeline;
}

namespace iotman::mirror {

/// All of it outlives what is given it.
struct MirrorWorld {
    pipeline::Pipeline& pipeline;
    client::Network& network;
    const Clock& clock;
    Random& random;
    Provenance& provenance;
    client::BackoffSettings backoff;
    std::chrono::milliseconds refusedAgain; ///< a refusal is asked about again after so long …
    std::chrono::milliseconds signInAgain;  ///< … and refused credentials, which too many tries would lock, after so long
    std::chrono::milliseconds lookAgain;    ///< while it is live: whether the endpoint is still what it was; sooner at first
};

} // namespace iotman::mirror
