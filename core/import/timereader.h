// Times as files write them.
#pragma once

#include "core/import/options.h"
#include "core/import/zone.h"

namespace iotman::files {

/// Reads texts of one time format. A value; any thread.
class TimeReader {
public:
    TimeReader(TimeFormat format, Zone zone);

    /// Blanks around the time do not count; a zone in the text wins over the reader's own. Digits past the sixth decimal
    /// of a second are cut towards the past. Errors: BadRequest for what is no such time, or a time of 1e11 seconds and beyond.
    Expected<Moment> read(std::string_view text) const;

private:
    TimeFormat format_;
    Zone zone_;
};

/// Calendar formats only: whether `text` says its zone itself.
bool carriesZone(std::string_view text, TimeFormat format);

} // namespace iotman::files
