// Whether a database still lies where it was opened.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <string>

namespace iotman::store {

/// A file and its name. Who moves a data folder away, or puts another one in its place, while a program holds it leaves the
/// program with open files that nobody finds any more; what it would open anew are somebody else's. A value; any thread.
class HeldFile {
public:
    /// Of the file that is there now. Errors: Internal where there is none.
    static Expected<HeldFile> of(std::string path);

    /// Costs about a microsecond. Errors: Unavailable where the name is gone or leads to another file. The sentence tells no path:
    /// whoever asks may be a stranger.
    Expected<void> check() const;

    const std::string& path() const { return path_; }

private:
    struct Identity {
        std::uint64_t device = 0;
        std::uint64_t file = 0;

        bool operator==(const Identity&) const = default;
    };
    static bool read(const std::string& path, Identity& identity);

    std::string path_;
    Identity identity_;
};

} // namespace iotman::store
