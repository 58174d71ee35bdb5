#include "core/store/writing.h"

#include "core/store/catalogrows.h"

namespace iotman::store {

Writing::Writing(Connection opened)
    : connection(std::move(opened))
    , items(connection)
    , datapoints(connection)
    , counters(connection)
    , putNote_(connection, "INSERT OR REPLACE INTO note (key, value) VALUES (?1, ?2)")
    , removeNote_(connection, "DELETE FROM note WHERE key = ?1")
    , writeLastSequence_(connection, "UPDATE state SET value = ?1 WHERE name = 'last_sequence'")
{
}

Expected<void> Writing::load()
{
    Expected<Catalog> catalog = readCatalog(connection);
    if (!catalog)
        return fail(catalog.error());
    const Expected<std::int64_t> last = connection.integer("SELECT value FROM state WHERE name = 'last_sequence'");
    if (!last)
        return fail(last.error());
    state.lastSequence = static_cast<Sequence>(*last);
    if (auto done = counters.load(); !done)
        return done;
    // Generations that were being remade when the program ended are not in the catalog either.
    for (const OutputKey output : counters.outputs())
        state.abandoned.insert(output);
    for (const auto& [id, output] : catalog->outputs)
        state.abandoned.erase(output.key);
    state.catalog = std::make_shared<const Catalog>(std::move(*catalog));
    return {};
}

Expected<void> Writing::writeNotes(std::span<const std::pair<std::string, std::string>> notes)
{
    for (const auto& [key, value] : notes) {
        auto done =
            value.empty() ? removeNote_.run(std::string_view(key)) : putNote_.run(std::string_view(key), std::string_view(value));
        if (!done)
            return done;
    }
    return {};
}

Expected<void> Writing::writeLastSequence()
{
    return writeLastSequence_.run(state.lastSequence);
}

} // namespace iotman::store
