#include "core/mirror/provenance.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::mirror {

namespace {

constexpr std::size_t serverLength = 22;
constexpr std::size_t mostIds = 64; ///< a chain that is longer is cut: nobody builds one

bool isId(std::string_view text)
{
    static constexpr CharacterSet isCharacter(asciiAlphanumerics, "-_");
    return text.size() > serverLength && text[serverLength] == '.' &&
           std::all_of(text.begin(), text.begin() + serverLength, isCharacter) && EndpointId::parse(text.substr(serverLength + 1), {});
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

bool reads(const Output& output, const SourceName& source)
{
    return output.sources.empty() || std::find(output.sources.begin(), output.sources.end(), source) != output.sources.end();
}

} // namespace

Provenance::Provenance(const std::string& secret)
    : server_(secret.substr(0, serverLength))
{
}

std::string Provenance::through(const Catalog& catalog, const Endpoint& endpoint) const
{
    const Output& output = catalog.outputs.at(endpoint.output);
    Ids told{server_ + "." + endpoint.id.text};
    std::string text = told.front();
    const std::lock_guard lock(mutex_);
    for (const auto& [name, source] : catalog.sources) {
        const auto found = behind_.find(source.key);
        if (found == behind_.end() || !source.enabled || !reads(output, name))
            continue;
        for (const std::string& id : found->second) {
            if (told.size() < mostIds && std::find(told.begin(), told.end(), id) == told.end())
                text += ", " + told.emplace_back(id);
        }
    }
    return text;
}

bool Provenance::hangsOn(const Catalog& catalog, const Source& mirror, std::string_view id) const
{
    if (!id.starts_with(server_))
        return false;
    const auto endpoint = catalog.endpoints.find(EndpointId{std::string(id.substr(serverLength + 1))});
    return endpoint != catalog.endpoints.end() && reads(catalog.outputs.at(endpoint->second.output), mirror.name);
}

bool Provenance::learn(const Catalog& catalog, const Source& mirror, std::string_view header)
{
    Ids ids = idsOf(header);
    const bool isRound = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return hangsOn(catalog, mirror, id); });
    if (isRound)
        ids.clear();
    const std::lock_guard lock(mutex_);
    behind_[mirror.key] = std::move(ids);
    return !isRound;
}

} // namespace iotman::mirror
