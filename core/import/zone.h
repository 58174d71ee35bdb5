// Time zones, and the written rule for local times that do not exist or exist twice.
#pragma once

#include "core/model/error.h"
#include "core/model/timestamp.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::files {

/// A local time on a day when the clocks change.
enum class OddHour {
    None,
    Skipped, ///< the clocks jumped over it: it is moved forward by the length of the gap (02:30 becomes 03:30)
    Twice,   ///< the clocks were set back: the earlier of the two is taken
};

struct Moment {
    Timestamp time;
    OddHour odd = OddHour::None;

    bool operator==(const Moment&) const = default;
};

/// A time zone's rules of all years. A value; any thread.
class Zone {
public:
    /// `UTC`, an offset (`+09:00`, `-0330`, `+9`) or a place of the IANA database (`Europe/Berlin`).
    /// Errors: BadRequest, field `zone`, for anything else, also for abbreviations such as `IST`, which mean several zones.
    static Expected<Zone> find(std::string_view name);

    /// The point in time that clocks of this zone show as `local`. The same on every computer.
    Moment moment(const CivilTime& local) const;

private:
    struct Rules;
    explicit Zone(std::shared_ptr<const Rules> rules);

    std::shared_ptr<const Rules> rules_;
};

/// All places that `Zone::find` knows, `UTC` first, then sorted: what a person chooses from.
std::vector<std::string> zoneNames();

/// A fixed offset from UTC in minutes, east positive: `Z`, `+09:00`, `-0330`, `+9`. Nothing for other texts.
std::optional<int> offsetMinutes(std::string_view text);

} // namespace iotman::files
