#include "core/server/slowreaders.h"

#include <algorithm>

namespace iotman::server {

namespace {

/// Before that nobody knows how fast a reader is.
constexpr std::chrono::duration<double> trial = std::chrono::seconds(1);
/// As long as that its socket has to have been full: longer than a reader is kept from its processor.
constexpr std::chrono::duration<double> pause = std::chrono::milliseconds(250);
/// Who has all by then, as fast as it went so far, is no slow reader.
constexpr std::chrono::duration<double> patience = std::chrono::seconds(30);

double bytesPerSecond(const UnreadAnswer& answer)
{
    return static_cast<double>(answer.taken) / answer.waited.count();
}

bool isSlow(const UnreadAnswer& answer)
{
    return answer.waited >= trial && answer.stuck >= pause &&
           static_cast<double>(answer.taken) + bytesPerSecond(answer) * patience.count() < static_cast<double>(answer.bytes);
}

} // namespace

std::vector<std::uint64_t> slowReaders(std::vector<UnreadAnswer> answers, std::size_t excess)
{
    std::erase_if(answers, [](const UnreadAnswer& answer) { return !isSlow(answer); });
    std::sort(answers.begin(), answers.end(),
              [](const UnreadAnswer& a, const UnreadAnswer& b) { return bytesPerSecond(a) < bytesPerSecond(b); });
    std::vector<std::uint64_t> slow;
    std::size_t freed = 0;
    for (auto answer = answers.begin(); answer != answers.end() && freed < excess; ++answer) {
        slow.push_back(answer->connection);
        freed += answer->bytes;
    }
    return slow;
}

} // namespace iotman::server
