#include "ui/monitor/measureunit.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace iotman {

namespace {

struct NamedUnit {
    std::string_view word, unit;
};

/// By the last word of a name, in lower case. Letters that mean several things (`c`, `m`, `s`) are not here.
constexpr NamedUnit units[] = {
    {"celsius", "°C"}, {"fahrenheit", "°F"}, {"kelvin", "K"},    {"hpa", "hPa"}, {"kpa", "kPa"},   {"mbar", "mbar"},
    {"percent", "%"},  {"pct", "%"},         {"rpm", "rpm"},     {"volt", "V"},  {"volts", "V"},   {"mv", "mV"},
    {"amps", "A"},     {"ampere", "A"},      {"ma", "mA"},       {"watt", "W"},  {"watts", "W"},   {"kw", "kW"},
    {"kwh", "kWh"},    {"wh", "Wh"},         {"hz", "Hz"},       {"khz", "kHz"}, {"lux", "lx"},    {"ppm", "ppm"},
    {"ppb", "ppb"},    {"dbm", "dBm"},       {"db", "dB"},       {"bytes", "B"}, {"kb", "kB"},     {"mb", "MB"},
    {"gb", "GB"},      {"kg", "kg"},         {"km", "km"},       {"cm", "cm"},   {"mm", "mm"},     {"kmh", "km/h"},
    {"ms", "ms"},      {"seconds", "s"},     {"minutes", "min"}, {"hours", "h"}, {"degrees", "°"},
};

} // namespace

std::string_view measureUnitOf(std::string_view fieldName)
{
    const auto start = fieldName.find_last_of("_- ");
    std::string word(start == std::string_view::npos ? fieldName : fieldName.substr(start + 1));
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto known = std::find_if(std::begin(units), std::end(units), [&](const NamedUnit& each) { return each.word == word; });
    return known == std::end(units) ? std::string_view() : known->unit;
}

} // namespace iotman
