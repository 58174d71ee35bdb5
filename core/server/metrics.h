// What the server counts while it runs, and how Prometheus reads it.
#pragma once

#include "core/model/error.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace iotman::server {

struct ServerContext;

/// Any thread. All counters start at 0 with the process.
struct Metrics {
    static constexpr int mostStatus = 600;

    std::array<std::atomic<std::uint64_t>, mostStatus> answers{}; ///< by status
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Problem::NoSpace) + 1>
        guardRefusals{}; ///< before any handler saw it
    std::atomic<std::uint64_t> bytesReceived = 0;
    std::atomic<std::uint64_t> bytesSent = 0;

    void answered(int status, std::size_t bytes)
    {
        if (status >= 0 && status < mostStatus)
            answers[static_cast<std::size_t>(status)].fetch_add(1, std::memory_order_relaxed);
        bytesSent.fetch_add(bytes, std::memory_order_relaxed);
    }
    void refused(Problem kind) { guardRefusals[static_cast<std::size_t>(kind)].fetch_add(1, std::memory_order_relaxed); }
};

/// The text exposition format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
std::string metricsText(const ServerContext& context);

} // namespace iotman::server
