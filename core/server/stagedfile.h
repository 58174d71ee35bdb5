// The rows of an import on disk, until they are committed or discarded.
#pragma once

#include "core/store/files.h"
#include "core/store/store.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace iotman::server {

/// Rows that were checked, as one piece of a staged file. Written whole or not at all.
class StagedRows {
public:
    void add(Timestamp time, std::string_view payload);
    std::int64_t rows() const { return rows_; }
    std::size_t bytes() const { return bytes_.size(); }

private:
    friend class StagedFile;
    std::string bytes_;
    std::int64_t rows_ = 0;
};

/// Pieces behind each other, each with a head that says how long it is and a checksum: a piece that a crash cut off is no piece.
/// One thread at a time.
class StagedFile {
public:
    /// Makes the file where there is none; drops a piece at its end that is not whole.
    static Expected<StagedFile> open(const std::filesystem::path& path);

    std::int64_t rows() const { return rows_; }

    /// Durable when it returns. Errors: NoSpace, Internal; the file is then as before.
    Expected<void> append(const StagedRows& rows);

    /// Reads the file again from its start, a batch for each piece; nothing at the end. The reader may be used on another thread
    /// and outlive this.
    static std::function<Expected<std::optional<store::Batch>>()> batches(const std::filesystem::path& path, SourceKey source);

private:
    StagedFile(std::filesystem::path path, store::FileHandle file);
    Expected<void> scan();

    std::filesystem::path path_;
    store::FileHandle file_;
    std::int64_t rows_ = 0;
    std::int64_t bytes_ = 0; ///< of whole pieces
};

} // namespace iotman::server
