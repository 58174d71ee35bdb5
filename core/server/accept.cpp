#include "core/server/accept.h"

#include "core/model/ascii.h"

#include <algorithm>
#include <optional>

namespace iotman::server {

namespace {

constexpr int fullQuality = 1000;

/// Cuts off the text up to `separator`, without the blanks around it.
std::string_view nextPart(std::string_view& text, char separator)
{
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return trimmed(part);
}

/// RFC 9110 §12.4.2: "0", "1", "0.5", "0.125", in thousandths. Nothing where it is none.
std::optional<int> qualityOf(std::string_view weight)
{
    int quality = 0;
    int unit = fullQuality;
    for (std::size_t i = 0; i < weight.size(); ++i) {
        if (i == 1 && weight[i] == '.')
            continue;
        if (i == 1 || !isDigit(weight[i]) || unit == 0)
            return std::nullopt;
        quality += (weight[i] - '0') * unit;
        unit /= 10;
    }
    return weight.empty() || quality > fullQuality ? std::nullopt : std::optional(quality);
}

enum class Match { None, Any, Type, Exact };

Match matchOf(std::string_view range, std::string_view offer)
{
    if (sameWithoutCase(range, offer))
        return Match::Exact;
    if (range == "*/*" || range == "*")
        return Match::Any;
    const std::string_view type = offer.substr(0, offer.find('/') + 1);
    const bool wholeType = range.ends_with("/*") && sameWithoutCase(range.substr(0, range.size() - 1), type);
    return wholeType ? Match::Type : Match::None;
}

/// What `accept` gives an offer: the most specific range counts.
int qualityFor(std::string_view accept, std::string_view offer)
{
    Match best = Match::None;
    int quality = 0;
    while (!accept.empty()) {
        std::string_view parameters = nextPart(accept, ',');
        const std::string_view range = nextPart(parameters, ';');
        const Match match = matchOf(range, offer);
        if (match == Match::None || match < best)
            continue;
        std::optional<int> weight = fullQuality;
        while (!parameters.empty()) {
            std::string_view value = nextPart(parameters, ';');
            if (sameWithoutCase(nextPart(value, '='), "q"))
                weight = qualityOf(value);
        }
        if (!weight) // as if it had not been sent
            continue;
        best = match;
        quality = *weight;
    }
    return quality;
}

} // namespace

std::size_t preferred(const RequestHead& head, std::span<const std::string_view> offers)
{
    std::string accept;
    for (const Header& header : head.headers) {
        if (header.name == "accept")
            accept += (accept.empty() ? "" : ",") + header.value;
    }
    std::size_t best = 0;
    int bestQuality = 0;
    for (std::size_t i = 0; !accept.empty() && i < offers.size(); ++i) {
        const int quality = qualityFor(accept, offers[i]);
        if (quality > bestQuality) {
            bestQuality = quality;
            best = i;
        }
    }
    return best;
}

} // namespace iotman::server
