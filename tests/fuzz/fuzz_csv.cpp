#include "core/import/chunkreader.h"
#include "core/import/detect.h"
#include "core/import/preview.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

/// The first byte chooses a format and a size of pieces, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    if (size == 0)
        return 0;
    files::Choices choices;
    if (data[0] % 4 != 3)
        choices.format = static_cast<files::Format>(data[0] % 4);
    const std::string_view file = fuzz::text(data + 1, size - 1);
    const files::Detected detected = files::detect(file, files::Sample::Whole, choices);
    (void)files::preview(file, files::Sample::Whole, detected.options);
    files::MemorySource source(file);
    auto reader = files::ChunkReader::open(source, detected.options, data[0] >= 128 ? 1 : 4096);
    while (reader) {
        const auto chunk = reader->next();
        if (!chunk)
            break;
        fuzz::require(std::count(chunk->lines.begin(), chunk->lines.end(), '\n') == chunk->rows, "a row is a line");
        if (chunk->last)
            break;
    }
    return 0;
}
