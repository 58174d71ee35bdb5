// Room on the disk that nobody uses but who makes room.
#pragma once

#include <cstddef>
#include <filesystem>

namespace iotman::store {

/// A file that takes room as long as there is enough. Where a disk is full, the log cannot be moved into the database, and what is to be
/// removed has to be written to the log first: without room of their own, nothing would ever free any. Not thread-safe.
class Reserve {
public:
    /// None: it never lacks.
    Reserve() = default;
    /// At most so many bytes in `file`, less on a small disk or a full one. What an earlier run left is taken over.
    Reserve(std::filesystem::path file, std::size_t most);

    /// It was given up, or there was no room for it.
    bool isLacking() const { return isLacking_; }
    std::size_t bytes() const { return bytes_; }

    /// The disk is full: others may have the room. False where there was none to give.
    bool giveUp();
    /// Now and then: takes room again, or more of it, where there is so much.
    void adjust();

private:
    std::uintmax_t least() const;
    void take(std::uintmax_t bytes);

    std::filesystem::path file_;
    std::size_t most_ = 0;
    std::size_t bytes_ = 0;
    bool isLacking_ = false;
};

} // namespace iotman::store
