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
    /// At most so many bytes in `file`, less on a small disk. One that an earlier run left is taken over.
    Reserve(std::filesystem::path file, std::size_t most);

    /// It was given up, or there was no room for it.
    bool isLacking() const { return isLacking_; }
    std::size_t bytes() const { return bytes_; }

    /// The disk is full: others may have the room.
    void giveUp();
    /// Takes the room again, if there is so much and as much beside it: what was given up a moment ago is for others.
    void takeBack();

private:
    void take();

    std::filesystem::path file_;
    std::size_t bytes_ = 0;
    bool isLacking_ = false;
};

} // namespace iotman::store
