#include "app/server/nearest.h"

#include <algorithm>
#include <string>
#include <vector>

namespace iotman {

namespace {

constexpr std::size_t longest = 64; ///< nobody types more than this by mistake

std::string lower(std::string_view text)
{
    std::string result(text.substr(0, longest));
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

/// Damerau's distance with adjacent transpositions ("optimal string alignment"), row by row.
std::size_t slips(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + wrong});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        beforeLast.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

std::string_view withoutDashes(std::string_view word)
{
    const std::size_t start = word.find_first_not_of('-');
    return start == std::string_view::npos ? std::string_view() : word.substr(start);
}

} // namespace

std::optional<std::string_view> nearestTo(std::string_view word, std::span<const std::string_view> candidates)
{
    const std::string given = lower(withoutDashes(word));
    if (given.empty())
        return std::nullopt;
    std::optional<std::string_view> nearest;
    std::size_t least = 0;
    for (const std::string_view candidate : candidates) {
        const std::string wanted = lower(withoutDashes(candidate));
        const std::size_t distance = wanted.starts_with(given) ? 0 : slips(given, wanted);
        const bool isNear =
            distance <= std::max<std::size_t>(2, wanted.size() / 2) && distance < std::max(given.size(), wanted.size());
        if (isNear && (!nearest || distance < least)) {
            nearest = candidate;
            least = distance;
        }
    }
    return nearest;
}

} // namespace iotman
