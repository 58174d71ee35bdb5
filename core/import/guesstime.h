// Which column holds the time, and how it is written.
#pragma once

#include "core/import/detect.h"

namespace iotman::files {

/// A column's texts; empty ones left out.
struct NamedValues {
    std::string name;
    std::vector<std::string> values;
};

struct TimeGuess {
    TimeFormat format = TimeFormat::YearFirst;
    std::string text; ///< the reason, about the values only
    bool sure = true;
    int rank = 0; ///< how likely it is to be the time of the rows; the greatest of all columns wins
};

/// How the values of one column may be times, if they may. A number is never taken for one for its size alone: its name
/// has to speak for it, or numbers of the size of today's Unix times have to rise from row to row.
std::optional<TimeGuess> guessTime(const NamedValues& column);

/// How a column may be one of times although some of its values are none: by a calendar or a unit that half of them read in, where
/// its name speaks for it, or nearly all of them without. A row with a fault is better told than brought in at another time.
std::optional<TimeGuess> guessTimeWithFaults(const NamedValues& column);

/// How the values of a column may be times that somebody chose for them, whatever its name and although some are none: what half
/// of them read as. Plain numbers whose size does not tell are Unix seconds, as everywhere.
std::optional<TimeGuess> guessTimeOfChosen(const NamedValues& column);

} // namespace iotman::files
