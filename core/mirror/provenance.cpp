#include "core/mirror/provenance.h"

#include "core/model/ascii.h"
#include "core/model/digest.h"
#include "core/model/encoding.h"

#include <algorithm>
#include <utility>

namespace iotman::mirror {

namespace {

constexpr std::size_t idLength = 22;
/// With so many behind it, nobody can tell any more: a page's head has room for them, and for others'.
constexpr std::size_t mostIds = 128;

bool isId(std::string_view text)
{
    static constexpr CharacterSet isCharacter(asciiAlphanumerics, "-_");
    return text.size() == idLength && isCharacter.hasAll(text);
}

Provenance::Ids idsOf(std::string_view header)
{
    Provenance::Ids ids;
    while (!header.empty() && ids.size() < mostIds) {
        const std::size_t comma = std::min(header.find(','), header.size());
        std::string_view id = header.substr(0, comma);
        while (id.starts_with(' '))
            id.remove_prefix(1);
        if (isId(id))
            ids.emplace_back(id);
        header.remove_prefix(std::min(comma + 1, header.size()));
    }
    return ids;
}

} // namespace

Provenance::Provenance(std::string secret, Keep keep)
    : secret_(std::move(secret))
    , keep_(std::move(keep))
{
}

void Provenance::know(SourceKey mirror, std::string_view behind)
{
    const std::lock_guard lock(mutex_);
    behind_[mirror] = idsOf(behind);
}

std::string Provenance::idOf(const EndpointId& endpoint) const
{
    return base64Url(sha256(secret_ + endpoint.text)).substr(0, idLength);
}

std::string Provenance::through(const Catalog& catalog, const Endpoint& endpoint) const
{
    const Output& output = catalog.outputs.at(endpoint.output);
    Ids told{idOf(endpoint.id)};
    std::string text = told.front();
    const std::lock_guard lock(mutex_);
    for (const auto& [name, source] : catalog.sources) {
        const auto found = behind_.find(source.key);
        if (found == behind_.end() || !source.enabled || !Catalog::reads(output, name))
            continue;
        for (const std::string& id : found->second) {
            if (told.size() < mostIds && std::find(told.begin(), told.end(), id) == told.end())
                text += ", " + told.emplace_back(id);
        }
    }
    return text;
}

bool Provenance::learn(const Catalog& catalog, const Source& mirror, std::string_view header)
{
    Ids ids = idsOf(header);
    const bool isRound = std::any_of(catalog.endpoints.begin(), catalog.endpoints.end(), [&](const auto& entry) {
        const Endpoint& endpoint = entry.second;
        return endpoint.enabled && Catalog::reads(catalog.outputs.at(endpoint.output), mirror.name) &&
               std::find(ids.begin(), ids.end(), idOf(endpoint.id)) != ids.end();
    });
    if (isRound)
        ids.clear();
    std::string text;
    for (const std::string& id : ids)
        text += (text.empty() ? "" : ", ") + id;
    bool isNews = false;
    {
        const std::lock_guard lock(mutex_);
        isNews = std::exchange(behind_[mirror.key], ids) != ids;
    }
    if (isNews && keep_)
        keep_(mirror.key, text);
    return !isRound;
}

} // namespace iotman::mirror
