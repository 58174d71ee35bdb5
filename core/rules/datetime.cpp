#include "core/rules/datetime.h"

#include "core/model/timestamp.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace iotman::rules {

namespace {

constexpr std::int64_t usPerSecond = 1'000'000;

bool hasZone(Datetime::Type type) { return type == Datetime::Type::TimeTz || type == Datetime::Type::TimestampTz; }
bool isTimeOfDay(Datetime::Type type) { return type == Datetime::Type::Time || type == Datetime::Type::TimeTz; }

template <class... Numbers>
void appendFormatted(std::string& out, const char* format, Numbers... numbers)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, numbers...);
    out += buffer.data();
}

/// `year` in astronomical counting: 0 is 1 BC.
void appendDate(std::string& out, const CivilTime& civil)
{
    const std::int64_t year = civil.year > 0 ? civil.year : 1 - civil.year;
    appendFormatted(out, "%04lld-%02d-%02d", static_cast<long long>(year), civil.month, civil.day);
}

void appendTime(std::string& out, const CivilTime& civil)
{
    appendFormatted(out, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
    if (civil.us == 0)
        return;
    appendFormatted(out, ".%06d", static_cast<int>(civil.us));
    out.erase(out.find_last_not_of('0') + 1);
}

void appendZone(std::string& out, std::int32_t east)
{
    const int seconds = std::abs(east);
    appendFormatted(out, "%c%02d:%02d", east < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0)
        appendFormatted(out, ":%02d", seconds % 60);
}

template <class Number>
int orderOf(Number a, Number b)
{
    return a < b ? -1 : a > b;
}

} // namespace

std::string_view Datetime::typeName() const
{
    switch (type) {
    case Type::Date:
        return "date";
    case Type::Time:
        return "time without time zone";
    case Type::TimeTz:
        return "time with time zone";
    case Type::Timestamp:
        return "timestamp without time zone";
    case Type::TimestampTz:
        return "timestamp with time zone";
    }
    return {};
}

void Datetime::append(std::string& out) const
{
    const std::int64_t local = type == Type::TimestampTz ? us + zone * usPerSecond : us;
    const CivilTime civil = civilFromTimestamp({local});
    if (!isTimeOfDay(type))
        appendDate(out, civil);
    if (type == Type::Timestamp || type == Type::TimestampTz)
        out += 'T';
    if (type != Type::Date)
        appendTime(out, civil);
    if (hasZone(type))
        appendZone(out, zone);
    if (!isTimeOfDay(type) && civil.year <= 0)
        out += " BC";
}

DatetimeOrder compare(const Datetime& a, const Datetime& b)
{
    if (isTimeOfDay(a.type) != isTimeOfDay(b.type))
        return {DatetimeOrder::Outcome::Incomparable, 0};
    if (hasZone(a.type) != hasZone(b.type))
        return {DatetimeOrder::Outcome::NeedsZone, 0};
    if (a.type != Datetime::Type::TimeTz)
        return {DatetimeOrder::Outcome::Ordered, orderOf(a.us, b.us)};
    // Times with a zone order by their moment in UTC, those of one moment by zone, the more eastern first.
    const int byMoment = orderOf(a.us - a.zone * usPerSecond, b.us - b.zone * usPerSecond);
    return {DatetimeOrder::Outcome::Ordered, byMoment != 0 ? byMoment : orderOf(b.zone, a.zone)};
}

} // namespace iotman::rules
