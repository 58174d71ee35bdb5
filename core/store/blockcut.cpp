#include "core/store/blockcut.h"

namespace iotman::store {

std::vector<std::span<const Entry>> cutIntoBlocks(std::span<const Entry> entries, BlockLimits limits)
{
    std::vector<std::span<const Entry>> blocks;
    if (entries.empty())
        return blocks;
    const std::size_t count = (entries.size() + limits.entries - 1) / limits.entries;
    const std::size_t each = (entries.size() + count - 1) / count;
    std::size_t start = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::size_t size = entries[i].text.size();
        if (i > start && (i - start == each || bytes + size > limits.bytes)) {
            blocks.push_back(entries.subspan(start, i - start));
            start = i;
            bytes = 0;
        }
        bytes += size;
    }
    blocks.push_back(entries.subspan(start));
    return blocks;
}

bool isWorthABlock(std::span<const Entry> entries)
{
    if (entries.size() >= worthABlock.entries)
        return true;
    std::size_t bytes = 0;
    for (const Entry& entry : entries)
        bytes += entry.text.size();
    return bytes >= worthABlock.bytes;
}

} // namespace iotman::store
