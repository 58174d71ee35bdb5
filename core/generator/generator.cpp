#include "core/generator/generator.h"

#include "core/model/chance.h"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace iotman::generator {

namespace {

std::uint64_t mixed(std::string_view text, std::uint64_t seed)
{
    for (const char c : text)
        seed = iotman::mixed(seed ^ static_cast<unsigned char>(c));
    return iotman::mixed(seed);
}

/// Chance at whole numbers, a smooth way between them.
double smoothChance(std::uint64_t seed, double x)
{
    const double floor = std::floor(x);
    const auto index = static_cast<std::uint64_t>(floor);
    const double t = x - floor;
    const double ease = t * t * (3 - 2 * t);
    return chance(seed, index) * (1 - ease) + chance(seed, index + 1) * ease;
}

/// A wandering value that needs no memory of its way: smooth chance at growing detail, summed. From 0 to 1.
double wandering(std::uint64_t seed, double x)
{
    constexpr int octaves = 5;
    double sum = 0;
    double share = 0.5;
    double total = 0;
    for (int i = 0; i < octaves; ++i) {
        sum += share * smoothChance(iotman::mixed(seed + static_cast<std::uint64_t>(i)), x);
        total += share;
        share /= 2;
        x *= 2;
    }
    return sum / total;
}

double numberOf(const Json& object, const char* member, double fallback)
{
    const auto found = object.find(member);
    return found != object.end() && isNumber(*found) ? numberIn(*found) : fallback;
}

/// Six digits, as sensors have.
std::string numberText(double value)
{
    constexpr int digits = 6;
    std::array<char, 32> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value == 0 ? 0.0 : value, std::chars_format::general, digits);
    return error == std::errc() ? std::string(buffer.data(), end) : "0";
}

} // namespace

Generator::Kind Generator::kindOf(const std::string& word)
{
    return word == "ramp"    ? Kind::Ramp
           : word == "sine"  ? Kind::Sine
           : word == "walk"  ? Kind::Walk
           : word == "noise" ? Kind::Noise
                             : Kind::Constant;
}

Generator::Generator(const Json& settings)
    : interval_(numberOf(settings, "interval", 1))
{
    const auto seed = settings.find("seed");
    const std::uint64_t base =
        seed != settings.end() && seed->is_number_integer() ? static_cast<std::uint64_t>(seed->get<std::int64_t>()) : 0;
    const auto signals = settings.find("signals");
    for (const Json& json : signals != settings.end() ? *signals : Json::array()) {
        const std::string name = json.value("name", std::string());
        Signal signal;
        signal.key = jsonText(Json(name));
        signal.kind = kindOf(json.value("kind", std::string()));
        signal.min = numberOf(json, "min", 0);
        signal.max = numberOf(json, "max", std::max(1.0, signal.min));
        signal.period = numberOf(json, "period", signal.period);
        signal.outages = numberOf(json, "outages", 0);
        signal.seed = mixed(name, base);
        signals_.push_back(std::move(signal));
    }
}

bool Generator::isOut(const Signal& signal, std::uint64_t tick) const
{
    if (signal.outages <= 0)
        return false;
    // A sensor that fails does so for a while: a whole period.
    const auto period = static_cast<std::uint64_t>(static_cast<double>(tick) * interval_ / signal.period);
    return chance(mixed("outages", signal.seed), period) < signal.outages;
}

double Generator::value(const Signal& signal, std::uint64_t tick) const
{
    const double periods = static_cast<double>(tick) * interval_ / signal.period;
    const double span = signal.max - signal.min;
    switch (signal.kind) {
    case Kind::Constant:
        return signal.min;
    case Kind::Ramp:
        return signal.min + span * (periods - std::floor(periods));
    case Kind::Sine:
        return signal.min + span * (0.5 + 0.5 * std::sin(2 * std::numbers::pi * (periods - std::floor(periods))));
    case Kind::Walk:
        return signal.min + span * wandering(signal.seed, periods);
    case Kind::Noise:
        return signal.min + span * chance(signal.seed, tick);
    }
    return signal.min;
}

std::optional<double> Generator::value(std::size_t signal, std::uint64_t tick) const
{
    const Signal& one = signals_[signal];
    return isOut(one, tick) ? std::nullopt : std::optional(value(one, tick));
}

std::optional<std::string> Generator::payload(std::uint64_t tick) const
{
    std::string json;
    for (const Signal& signal : signals_) {
        if (!isOut(signal, tick))
            json += (json.empty() ? "{" : ",") + signal.key + ":" + numberText(value(signal, tick));
    }
    return json.empty() ? std::nullopt : std::optional(json + "}");
}

} // namespace iotman::generator
