#include "core/import/zone.h"

#include "core/import/words.h"
#include "core/model/ascii.h"

#include <unicode/basictz.h>
#include <unicode/simpletz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <algorithm>

namespace iotman::files {

namespace {

constexpr int farthestOffset = 14 * 60; // Kiribati

/// ICU knows `IST`, `CST` and others as one zone each; people mean several by them.
bool isAbbreviation(std::string_view name)
{
    const bool capitals = std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return name.size() <= 4 && capitals && name != "UTC" && name != "GMT";
}

} // namespace

std::optional<int> offsetMinutes(std::string_view text)
{
    if (text == "Z" || text == "z")
        return 0;
    if (text.size() < 2 || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    const bool west = text.front() == '-';
    text.remove_prefix(1);
    std::string digits;
    const std::size_t colon = text.find(':');
    digits = std::string(text.substr(0, colon));
    if (digits.size() == 1)
        digits.insert(0, 1, '0');
    if (colon != std::string_view::npos) {
        if (digits.size() != 2 || text.size() - colon != 3)
            return std::nullopt;
        digits += text.substr(colon + 1);
    }
    if (digits.size() == 2)
        digits += "00";
    if (digits.size() != 4 || !std::all_of(digits.begin(), digits.end(), isDigit))
        return std::nullopt;
    const int hours = (digits[0] - '0') * 10 + digits[1] - '0';
    const int minutes = (digits[2] - '0') * 10 + digits[3] - '0';
    if (minutes > 59 || hours * 60 + minutes > farthestOffset)
        return std::nullopt;
    return (west ? -1 : 1) * (hours * 60 + minutes);
}

/// Either an offset, or a place with its changes of the clocks.
struct Zone::Rules {
    int offset = 0; ///< minutes, where there is no place
    std::unique_ptr<icu::BasicTimeZone> place;

    /// Milliseconds east of UTC at a local time; `choice` decides where it is skipped or exists twice.
    std::int64_t offsetAt(double localMs, UTimeZoneLocalOption choice) const
    {
        UErrorCode status = U_ZERO_ERROR;
        std::int32_t raw = 0;
        std::int32_t saving = 0;
        place->getOffsetFromLocal(localMs, choice, choice, raw, saving, status);
        return raw + saving;
    }
};

Zone::Zone(std::shared_ptr<const Rules> rules)
    : rules_(std::move(rules))
{
}

Expected<Zone> Zone::find(std::string_view name)
{
    auto rules = std::make_shared<Rules>();
    if (name == "UTC" || name == "GMT")
        return Zone(rules);
    if (const std::optional<int> offset = offsetMinutes(name)) {
        rules->offset = *offset;
        return Zone(rules);
    }
    if (isAbbreviation(name))
        return fail(Problem::BadRequest, inQuotes(name) + " means several zones; name the place instead, such as Asia/Seoul",
                    "zone");
    const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString canonical;
    icu::TimeZone::getCanonicalID(id, canonical, status);
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    // ICU makes zones up for texts such as GMT+25:61, and one named Etc/Unknown for the rest.
    icu::UnicodeString zoneId;
    if (U_SUCCESS(status) && zone && !name.starts_with("GMT") && name != "Etc/Unknown" && zone->getID(zoneId) == id) {
        rules->place.reset(dynamic_cast<icu::BasicTimeZone*>(zone.get()));
        if (rules->place) {
            static_cast<void>(zone.release());
            return Zone(rules);
        }
    }
    return fail(Problem::BadRequest,
                "expected a time zone such as UTC, Europe/Berlin or +09:00, but got " +
                    (name.empty() ? "nothing" : inQuotes(name)),
                "zone");
}

Moment Zone::moment(const CivilTime& local) const
{
    const Timestamp asUtc = timestampFromCivil(local);
    if (!rules_->place)
        return {Timestamp{asUtc.us - rules_->offset * 60 * Timestamp::usPerSecond}, OddHour::None};
    const std::int64_t ms = (asUtc.us - local.us) / 1000;
    // The offset before the change answers both questions: a skipped time moves forward, of two times the earlier is taken.
    const std::int64_t before = rules_->offsetAt(static_cast<double>(ms), UCAL_TZ_LOCAL_FORMER);
    const std::int64_t after = rules_->offsetAt(static_cast<double>(ms), UCAL_TZ_LOCAL_LATTER);
    const OddHour odd = before == after ? OddHour::None : before < after ? OddHour::Skipped : OddHour::Twice;
    return {Timestamp{asUtc.us - before * 1000}, odd};
}

std::vector<std::string> zoneNames()
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> ids(
        icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, nullptr, nullptr, status));
    std::vector<std::string> names;
    if (U_SUCCESS(status) && ids)
        while (const icu::UnicodeString* id = ids->snext(status))
            id->toUTF8String(names.emplace_back());
    std::sort(names.begin(), names.end());
    names.insert(names.begin(), "UTC");
    return names;
}

} // namespace iotman::files
