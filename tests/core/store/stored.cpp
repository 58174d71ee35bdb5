#include "tests/core/store/stored.h"

namespace iotman::store {

namespace {

void require(const Expected<void>& done)
{
    if (!done)
        qFatal("a reader failed: %s", done.error().detail.c_str());
}

/// A visitor that keeps up to `limit` lines.
auto keeping(Lines& lines, std::size_t limit)
{
    return [&lines, limit](const Position& position, std::string_view text) {
        if (lines.size() < limit)
            lines.push_back(line(position, text));
        return lines.size() < limit;
    };
}

} // namespace

Output outputOf(OutputKey key, const std::string& name)
{
    Output output;
    output.key = key;
    output.id = OutputId{name};
    output.name = OutputName{name};
    output.rule = "$";
    return output;
}

Catalog smallCatalog()
{
    Catalog catalog;
    catalog.workspace.id = "6a3ee31c-8f4b-4d44-9d2e-3f9c2f0a4c11";
    catalog.workspace.name = "Small";
    for (const auto& [key, name] : {std::pair(1, "a"), std::pair(2, "b")}) {
        Source source;
        source.key = key;
        source.name = SourceName{name};
        catalog.sources.emplace(source.name, source);
    }
    for (const auto& [key, name] : {std::pair(3, "one"), std::pair(4, "two")})
        catalog.outputs.emplace(OutputId{name}, outputOf(key, name));
    catalog.nextKey = 5;
    return catalog;
}

Batch batchOf(SourceKey source, const std::vector<Timestamp>& times, int number)
{
    Batch batch;
    batch.source = source;
    for (const Timestamp time : times) {
        batch.payloads += "{\"n\":" + std::to_string(number++) + "}";
        batch.datapoints.push_back({time, batch.payloads.size()});
    }
    return batch;
}

std::vector<MadeItems> passThrough(const Batch& batch, Sequence, const Catalog& catalog)
{
    std::vector<MadeItems> all;
    for (const auto& [id, output] : catalog.outputs) {
        MadeItems made;
        made.output = output.key;
        made.texts = batch.payloads;
        for (std::size_t i = 0; i < batch.datapoints.size(); ++i)
            made.items.push_back({static_cast<std::uint32_t>(i), batch.datapoints[i].end});
        all.push_back(std::move(made));
    }
    return all;
}

Expected<Committed> append(Store& store, Batch batch, const MakeItems& make)
{
    return await<Committed>([&](Reply<Committed> reply) { store.append(std::move(batch), make, std::move(reply)); });
}

Expected<void> change(Store& store, const std::function<Expected<void>(Catalog&, Sequence)>& change)
{
    return await<void>(
        [&](Reply<void> reply) { store.change("anna@example.org", {1'700'000'000'000'000}, change, std::move(reply)); });
}

std::string line(const Position& position, std::string_view text)
{
    return std::to_string(position.time.us) + "/" + std::to_string(position.sequence) + " " + std::string(text);
}

/// What a run says of all its texts is what it says of each.
static void requireJoined(const ItemRun& items)
{
    const std::optional<std::string_view> joined = items.joined();
    std::string each;
    for (std::size_t i = 0; joined && i < items.size(); ++i)
        each.append(i > 0 ? "," : "").append(items[i].text);
    if (joined && *joined != each)
        qFatal("joined are “%s”, one by one “%s”", std::string(*joined).c_str(), each.c_str());
}

Lines newestFirst(Reader& reader, OutputKey output, std::size_t limit, Timestamp from, Timestamp to,
                  const std::optional<Position>& before)
{
    Lines lines;
    const ItemsVisitor keep = oneByOne(keeping(lines, limit));
    require(reader.newestFirst(output, from, to, before, [&](const ItemRun& items) {
        requireJoined(items);
        return keep(items);
    }));
    return lines;
}

Lines oldestFirst(Reader& reader, OutputKey output, Sequence after, Sequence until, const Position& position, std::size_t limit)
{
    Lines lines;
    require(reader.oldestFirst(output, after, until, position, keeping(lines, limit)));
    return lines;
}

Lines bySequence(Reader& reader, OutputKey output, Sequence after, std::size_t limit)
{
    Lines lines;
    require(reader.bySequence(output, after, keeping(lines, limit)));
    return lines;
}

Lines datapoints(Reader& reader, std::optional<SourceKey> source, Sequence after, Sequence until, std::size_t limit)
{
    Lines lines;
    const auto keep = keeping(lines, limit);
    require(reader.datapoints(source, after, until, [&](const Position& position, SourceKey from, std::string_view payload) {
        return keep(position, std::to_string(from) + " " + std::string(payload));
    }));
    return lines;
}

} // namespace iotman::store
