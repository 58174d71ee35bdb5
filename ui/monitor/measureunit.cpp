#include "ui/monitor/measureunit.h"

#include <QCoreApplication>

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

struct NamedQuantity {
    std::string_view units; ///< each between blanks
    const char* name;
};

constexpr NamedQuantity quantities[] = {
    {" °C °F K ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Temperature")},
    {" hPa kPa mbar ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Pressure")},
    {" % ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Percent")},
    {" rpm Hz kHz ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Frequency")},
    {" V mV ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Voltage")},
    {" A mA ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Current")},
    {" W kW ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Power")},
    {" kWh Wh ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Energy")},
    {" B kB MB GB ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Size")},
    {" km cm mm ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Length")},
    {" ms s min h ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Duration")},
    {" km/h ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Speed")},
    {" ppm ppb ", QT_TRANSLATE_NOOP("iotman::MonitorPage", "Concentration")},
};

} // namespace

QString quantityOf(std::string_view unit)
{
    const std::string word = ' ' + std::string(unit) + ' ';
    for (const NamedQuantity& quantity : quantities)
        if (quantity.units.find(word) != std::string_view::npos)
            return QCoreApplication::translate("iotman::MonitorPage", quantity.name);
    return {};
}

std::string_view measureUnitOf(std::string_view fieldName)
{
    const auto start = fieldName.find_last_of("_- ");
    std::string word(start == std::string_view::npos ? fieldName : fieldName.substr(start + 1));
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto known = std::find_if(std::begin(units), std::end(units), [&](const NamedUnit& each) { return each.word == word; });
    return known == std::end(units) ? std::string_view() : known->unit;
}

} // namespace iotman
