#include "ui/monitor/itemtime.h"

#include "core/series/timerange.h"

#include <charconv>
#include <cmath>

namespace iotman {

namespace {

constexpr std::int64_t usPerSecond = 1'000'000;

std::optional<Timestamp> usable(Timestamp time)
{
    return isUsable(time) ? std::optional(time) : std::nullopt;
}

std::optional<Timestamp> fromWhole(std::int64_t number, EpochUnit unit)
{
    switch (unit) {
    case EpochUnit::Seconds:
        if (std::abs(number) > farthestTime / usPerSecond)
            return std::nullopt;
        return Timestamp{number * usPerSecond};
    case EpochUnit::Milliseconds:
        if (std::abs(number) > farthestTime / 1000)
            return std::nullopt;
        return Timestamp{number * 1000};
    case EpochUnit::Microseconds:
        return usable({number});
    case EpochUnit::Nanoseconds:
        return Timestamp{number / 1000 - (number % 1000 < 0 ? 1 : 0)};
    }
    return std::nullopt;
}

std::optional<Timestamp> fromNumber(const FieldValue& value, EpochUnit unit)
{
    std::int64_t whole = 0;
    const char* end = value.text.data() + value.text.size();
    if (const auto [at, error] = std::from_chars(value.text.data(), end, whole);
        error == std::errc() && at == end && whole != std::numeric_limits<std::int64_t>::min())
        return fromWhole(whole, unit);
    if (unit == EpochUnit::Seconds) {
        if (const auto exact = Timestamp::parseSeconds(value.text, {}))
            return usable(*exact);
    }
    static constexpr double usPerUnit[] = {1e6, 1e3, 1, 1e-3};
    const double us = value.number * usPerUnit[static_cast<std::size_t>(unit)];
    if (!(std::abs(us) <= static_cast<double>(farthestTime)))
        return std::nullopt;
    return usable({std::llround(us)});
}

std::optional<Timestamp> fromText(std::string_view text)
{
    if (const auto time = Timestamp::parseIso(text))
        return usable(*time);
    std::string_view rest;
    const auto civil = parseCivil(text, rest);
    return civil && rest.empty() ? usable(timestampFromCivil(*civil)) : std::nullopt;
}

} // namespace

EpochUnit epochUnitOf(double number)
{
    const double size = std::abs(number);
    return size < 1e11   ? EpochUnit::Seconds
           : size < 1e14 ? EpochUnit::Milliseconds
           : size < 1e17 ? EpochUnit::Microseconds
                         : EpochUnit::Nanoseconds;
}

std::optional<Timestamp> timeFrom(const FieldValue& value, EpochUnit unit)
{
    if (value.type == FieldType::Number)
        return fromNumber(value, unit);
    return value.type == FieldType::Text ? fromText(value.text) : std::nullopt;
}

} // namespace iotman
