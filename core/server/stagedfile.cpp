#include "core/server/stagedfile.h"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>

namespace iotman::server {

static_assert(std::endian::native == std::endian::little, "staged files are written as they lie in memory");

namespace {

constexpr std::uint64_t magic = 0x31776f72'6d746f69; // "iotmrow1"
constexpr std::uint64_t mostPieceBytes = std::uint64_t(64) * 1024 * 1024;

struct PieceHead {
    std::uint64_t magic = 0;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t checksum = 0;
};

struct RowHead {
    std::int64_t time = 0;
    std::uint64_t bytes = 0;
};

/// FNV-1a over words: it is to find what a crash left, not what somebody forged.
std::uint64_t checksumOf(std::string_view bytes)
{
    constexpr std::uint64_t basis = 14695981039346656037ULL;
    constexpr std::uint64_t prime = 1099511628211ULL;
    std::uint64_t sum = basis;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
        sum = (sum ^ word) * prime;
    }
    return sum;
}

template <class T>
std::string_view bytesOf(const T& value)
{
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// Reads exactly so many bytes; false where the file ends before.
bool readAll(int file, void* into, std::size_t bytes, std::int64_t at)
{
    auto* target = static_cast<char*>(into);
    while (bytes > 0) {
        const ssize_t got = ::pread(file, target, bytes, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        target += got;
        at += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

/// The piece at `at`; nothing where there is no whole one.
std::optional<std::string> pieceAt(int file, std::int64_t at, PieceHead& head)
{
    if (!readAll(file, &head, sizeof head, at) || head.magic != magic || head.bytes > mostPieceBytes)
        return std::nullopt;
    std::string body(head.bytes, '\0');
    if (!readAll(file, body.data(), body.size(), at + static_cast<std::int64_t>(sizeof head)) ||
        checksumOf(body) != head.checksum)
        return std::nullopt;
    return body;
}

std::optional<store::Batch> batchOf(const std::string& body, SourceKey source)
{
    store::Batch batch;
    batch.source = source;
    batch.arrival = store::Arrival::History;
    for (std::size_t at = 0; at < body.size();) {
        RowHead row;
        if (body.size() - at < sizeof row)
            return std::nullopt;
        std::memcpy(&row, body.data() + at, sizeof row);
        at += sizeof row;
        if (body.size() - at < row.bytes)
            return std::nullopt;
        batch.payloads.append(body, at, row.bytes);
        batch.datapoints.push_back({Timestamp{row.time}, batch.payloads.size()});
        at += row.bytes;
    }
    return batch;
}

} // namespace

void StagedRows::add(Timestamp time, std::string_view payload)
{
    bytes_ += bytesOf(RowHead{time.us, payload.size()});
    bytes_ += payload;
    ++rows_;
}

StagedFile::StagedFile(std::filesystem::path path, store::FileHandle file)
    : path_(std::move(path))
    , file_(std::move(file))
{
}

Expected<StagedFile> StagedFile::open(const std::filesystem::path& path)
{
    store::FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return store::fileFailure(path, "opened", errno);
    StagedFile staged(path, std::move(file));
    if (auto scanned = staged.scan(); !scanned)
        return fail(scanned.error());
    return staged;
}

Expected<void> StagedFile::scan()
{
    PieceHead head;
    while (pieceAt(file_.get(), bytes_, head)) {
        rows_ += static_cast<std::int64_t>(head.rows);
        bytes_ += static_cast<std::int64_t>(sizeof head + head.bytes);
    }
    if (::ftruncate(file_.get(), bytes_) != 0)
        return store::fileFailure(path_, "written", errno);
    return {};
}

Expected<void> StagedFile::append(const StagedRows& rows)
{
    const PieceHead head{magic, static_cast<std::uint64_t>(rows.rows_), rows.bytes_.size(), checksumOf(rows.bytes_)};
    std::int64_t at = bytes_;
    for (std::string_view rest : {bytesOf(head), std::string_view(rows.bytes_)}) {
        while (!rest.empty()) {
            const ssize_t written = ::pwrite(file_.get(), rest.data(), rest.size(), at);
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0) {
                const int reason = written < 0 ? errno : ENOSPC;
                [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), bytes_); // cut off when it is opened again
                return store::fileFailure(path_, "written", reason);
            }
            rest.remove_prefix(static_cast<std::size_t>(written));
            at += written;
        }
    }
    if (::fdatasync(file_.get()) != 0)
        return store::fileFailure(path_, "written", errno);
    bytes_ = at;
    rows_ += rows.rows_;
    return {};
}

std::function<Expected<std::optional<store::Batch>>()> StagedFile::batches(const std::filesystem::path& path, SourceKey source)
{
    struct Reading {
        store::FileHandle file;
        std::int64_t at = 0;
    };
    const auto reading = std::make_shared<Reading>();
    reading->file = store::FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return [reading, path, source]() -> Expected<std::optional<store::Batch>> {
        if (!reading->file.isOpen())
            return store::fileFailure(path, "read", ENOENT);
        PieceHead head;
        const std::optional<std::string> piece = pieceAt(reading->file.get(), reading->at, head);
        if (!piece)
            return std::optional<store::Batch>();
        reading->at += static_cast<std::int64_t>(sizeof head + head.bytes);
        std::optional<store::Batch> batch = batchOf(*piece, source);
        if (!batch)
            return fail(Problem::Internal, "“" + path.string() + "” is damaged");
        return batch;
    };
}

} // namespace iotman::server
