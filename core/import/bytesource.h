// Where the bytes of a file come from: handed in, so that a disk, a memory block or a failing fake look the same.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace iotman::files {

/// A stream of bytes, read once from its start. One thread at a time.
class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// Fills the front of `room` and says how much; 0 only at the end (for room that is not empty).
    /// Errors: whatever keeps the rest from being read; the stream is over then.
    virtual Expected<std::size_t> read(std::span<char> room) = 0;
};

/// Bytes in memory, which must outlive it.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view bytes)
        : rest_(bytes)
    {
    }
    Expected<std::size_t> read(std::span<char> room) override;

private:
    std::string_view rest_;
};

/// A regular file on disk. What changes while it is read is no file to import: its end is an error then.
class FileSource final : public ByteSource {
public:
    /// Errors: NotFound, BadRequest for a folder or device, Forbidden, Internal; `detail` names the path.
    static Expected<FileSource> open(const std::string& path);

    FileSource(FileSource&& other) noexcept;
    FileSource& operator=(FileSource&&) = delete;
    ~FileSource() override;

    Expected<std::size_t> read(std::span<char> room) override;

    /// Bytes when it was opened.
    std::int64_t size() const { return state_.size; }

private:
    struct State {
        std::int64_t size = 0;
        std::int64_t changedNs = 0;
        bool operator==(const State&) const = default;
    };
    FileSource(std::string path, int descriptor, State state);
    static Expected<State> stateOf(const std::string& path, int descriptor);

    std::string path_;
    int descriptor_;
    State state_;
};

} // namespace iotman::files
