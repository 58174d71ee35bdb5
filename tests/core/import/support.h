// What the import tests share: files read to the end, told as text.
#pragma once

#include "core/import/limits.h"
#include "core/import/rowreader.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <string>

namespace iotman::files::test {

/// Gives its bytes in pieces of a fixed size, so that every cut happens.
class PiecewiseSource final : public ByteSource {
public:
    PiecewiseSource(std::string_view bytes, std::size_t piece)
        : bytes_(bytes)
        , piece_(piece)
    {
    }
    Expected<std::size_t> read(std::span<char> room) override { return bytes_.read(room.first(std::min(room.size(), piece_))); }

private:
    MemorySource bytes_;
    std::size_t piece_;
};

/// One line a row: `2 1700000000 {"a":1}`, `2 - {"a":1}` without a time, `3 refused: …`, `error: …` where the reading ends early.
inline QByteArray told(ByteSource& source, const Options& options)
{
    std::string text;
    Expected<RowReader> reader = RowReader::open(source, options);
    if (!reader)
        return QByteArray::fromStdString("error: " + reader.error().detail);
    for (;;) {
        const Expected<Next> next = reader->next();
        if (!next)
            return QByteArray::fromStdString(text + "error: " + next.error().detail);
        if (const auto* row = std::get_if<Row>(&*next))
            text += std::to_string(row->line) + " " + (row->time ? row->time->seconds() : "-") + " " + row->payload + "\n";
        else if (const auto* refusal = std::get_if<Refusal>(&*next))
            text += std::to_string(refusal->line) + " refused: " + refusal->reason + "\n";
        else
            return QByteArray::fromStdString(text).trimmed();
    }
}

inline QByteArray told(std::string_view bytes, const Options& options)
{
    MemorySource source(bytes);
    return told(source, options);
}

inline std::string dataFile(const char* name)
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/import/data/") + QString::fromUtf8(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

inline std::string start(const std::string& file)
{
    return file.substr(0, sampleSize);
}

} // namespace iotman::files::test
