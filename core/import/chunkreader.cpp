#include "core/import/chunkreader.h"

#include "core/import/limits.h"

namespace iotman::files {

Expected<ChunkReader> ChunkReader::open(ByteSource& source, const Options& options, std::size_t most)
{
    Expected<RowReader> reader = RowReader::open(source, options);
    if (!reader)
        return fail(reader.error());
    return ChunkReader(std::move(*reader), most);
}

Expected<Chunk> ChunkReader::next()
{
    Chunk chunk;
    chunk.lines.reserve(most_ + most_ / 8);
    while (chunk.lines.size() < most_ && chunk.rows < static_cast<std::int64_t>(mostObjects)) {
        Expected<Next> next = reader_.next();
        if (!next)
            return fail(next.error());
        if (std::holds_alternative<End>(*next)) {
            chunk.last = true;
            break;
        }
        if (auto* refusal = std::get_if<Refusal>(&*next)) {
            ++count_.refused;
            if (count_.refusals.size() < mostRefusalsKept)
                count_.refusals.push_back(std::move(*refusal));
            continue;
        }
        const Row& row = std::get<Row>(*next);
        chunk.lines += row.time ? "{\"time\":" + row.time->seconds() + ",\"payload\":" : std::string("{\"payload\":");
        // A line break inside an object is white space between its parts: strings hold none.
        const std::size_t start = chunk.lines.size();
        chunk.lines += row.payload;
        for (std::size_t i = start; i < chunk.lines.size(); ++i) {
            if (chunk.lines[i] == '\n' || chunk.lines[i] == '\r')
                chunk.lines[i] = ' ';
        }
        chunk.lines += "}\n";
        ++chunk.rows;
        ++count_.rows;
    }
    count_.oddHours = reader_.oddHours();
    return chunk;
}

std::string refusalsCsv(const std::vector<Refusal>& refusals)
{
    std::string csv = "line,reason\r\n";
    for (const Refusal& refusal : refusals) {
        csv += std::to_string(refusal.line) + ",\"";
        for (const char c : refusal.reason)
            csv += c == '"' ? std::string("\"\"") : std::string(1, c);
        csv += "\"\r\n";
    }
    return csv;
}

} // namespace iotman::files
