#include "core/rules/datetime.h"

#include "core/model/timestamp.h"
#include "core/rules/calendar.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace iotman::rules {

namespace {

bool hasZone(Datetime::Type type)
{
    return type == Datetime::Type::TimeTz || type == Datetime::Type::TimestampTz;
}
bool isTimeOfDay(Datetime::Type type)
{
    return type == Datetime::Type::Time || type == Datetime::Type::TimeTz;
}

template <class... Numbers>
void appendFormatted(std::string& out, const char* format, Numbers... numbers)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, numbers...);
    out += buffer.data();
}

/// Returns the year in astronomical counting: 0 is 1 BC.
std::int64_t appendDate(std::string& out, std::int64_t days)
{
    const CivilDate date = civilDate(days);
    const std::int64_t year = date.year > 0 ? date.year : 1 - date.year;
    appendFormatted(out, "%04lld-%02d-%02d", static_cast<long long>(year), date.month, date.day);
    return date.year;
}

/// `us` of the day, 24:00:00 included.
void appendTime(std::string& out, std::int64_t us)
{
    const std::int64_t seconds = us / Timestamp::usPerSecond;
    appendFormatted(out, "%02d:%02d:%02d", static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                    static_cast<int>(seconds % 60));
    if (us % Timestamp::usPerSecond == 0)
        return;
    appendFormatted(out, ".%06d", static_cast<int>(us % Timestamp::usPerSecond));
    out.erase(out.find_last_not_of('0') + 1);
}

void appendZone(std::string& out, std::int32_t east)
{
    const int seconds = std::abs(east);
    appendFormatted(out, "%c%02d:%02d", east < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0)
        appendFormatted(out, ":%02d", seconds % 60);
}

int orderOf(std::int64_t a, std::int64_t b)
{
    return a < b ? -1 : a > b;
}

std::int64_t dayOf(const Datetime& datetime)
{
    if (datetime.type == Datetime::Type::Date)
        return datetime.days;
    return isTimeOfDay(datetime.type) ? 0 : datetime.us / Timestamp::usPerDay - (datetime.us % Timestamp::usPerDay < 0 ? 1 : 0);
}

std::int64_t ofDayOf(const Datetime& datetime)
{
    if (datetime.type == Datetime::Type::Date)
        return 0;
    return isTimeOfDay(datetime.type) ? datetime.us : datetime.us - dayOf(datetime) * Timestamp::usPerDay;
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
    std::int64_t date = days;
    std::int64_t ofDay = us;
    if (type == Type::Timestamp || type == Type::TimestampTz) {
        const std::int64_t local = type == Type::TimestampTz ? us + zone * Timestamp::usPerSecond : us;
        date = local / Timestamp::usPerDay - (local % Timestamp::usPerDay < 0 ? 1 : 0);
        ofDay = local - date * Timestamp::usPerDay;
    }
    std::int64_t year = 1;
    if (!isTimeOfDay(type))
        year = appendDate(out, date);
    if (type == Type::Timestamp || type == Type::TimestampTz)
        out += 'T';
    if (type != Type::Date)
        appendTime(out, ofDay);
    if (hasZone(type))
        appendZone(out, zone);
    if (year <= 0)
        out += " BC";
}

DatetimeOrder compare(const Datetime& a, const Datetime& b)
{
    if (isTimeOfDay(a.type) != isTimeOfDay(b.type))
        return {DatetimeOrder::Outcome::Incomparable, 0};
    if (hasZone(a.type) != hasZone(b.type))
        return {DatetimeOrder::Outcome::NeedsZone, 0};
    if (a.type == Datetime::Type::TimeTz) {
        // Times with a zone order by their moment in UTC, those of one moment by zone, the more eastern first.
        const int byMoment = orderOf(a.us - a.zone * Timestamp::usPerSecond, b.us - b.zone * Timestamp::usPerSecond);
        return {DatetimeOrder::Outcome::Ordered, byMoment != 0 ? byMoment : orderOf(b.zone, a.zone)};
    }
    // A date is the midnight it begins with; it may lie beyond all timestamps.
    const int byDay = orderOf(dayOf(a), dayOf(b));
    return {DatetimeOrder::Outcome::Ordered, byDay != 0 ? byDay : orderOf(ofDayOf(a), ofDayOf(b))};
}

} // namespace iotman::rules
