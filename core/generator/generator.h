// Signals that look like sensors', made from a seed: the same seed makes the same datapoints.
#pragma once

#include "core/model/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iotman::generator {

/// Immutable; any thread. Every value follows from seed, signal and tick alone, so a generator can go on anywhere.
class Generator {
public:
    /// `settings` of a source of kind `generator`, as the model has checked them.
    explicit Generator(const Json& settings);

    /// `{"room":21.4,"door":0}`: a member for each signal that has no outage at this tick, in the order of the settings; nothing
    /// when all have one.
    std::optional<std::string> payload(std::uint64_t tick) const;

    std::size_t count() const { return signals_.size(); }
    /// The value of one signal; nothing while it has an outage.
    std::optional<double> value(std::size_t signal, std::uint64_t tick) const;
    double interval() const { return interval_; } ///< seconds between two ticks

private:
    enum class Kind { Constant, Ramp, Sine, Walk, Noise };
    struct Signal {
        std::string key; ///< JSON text
        Kind kind = Kind::Constant;
        double min = 0;
        double max = 1;
        double period = 60; ///< seconds
        double outages = 0; ///< the part of periods without a value
        std::uint64_t seed = 0;
    };

    static Kind kindOf(const std::string& word);
    bool isOut(const Signal& signal, std::uint64_t tick) const;
    double value(const Signal& signal, std::uint64_t tick) const;

    double interval_ = 1;
    std::vector<Signal> signals_;
};

} // namespace iotman::generator
