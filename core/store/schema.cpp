#include "core/store/schema.h"

#include <array>
#include <string>

namespace iotman::store {

namespace {

// Positions are (time, sequence); a block's are those of its first and last item. Sequences rise, so they fit SQLite's signed
// integers. The body of a block stands last in its row: what stands before it is read without it.
constexpr const char* firstVersion = R"(
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('catalog_version', 0), ('last_sequence', 0);

CREATE TABLE resource (kind TEXT, id TEXT, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
    kind TEXT NOT NULL, id TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE output_count (output INTEGER PRIMARY KEY, items INTEGER NOT NULL, skipped INTEGER NOT NULL, failed INTEGER NOT NULL,
    last_item_at INTEGER, failure_at INTEGER, failure_detail TEXT, failure_payload TEXT);
CREATE TABLE source_count (source INTEGER PRIMARY KEY, datapoints INTEGER NOT NULL, last_datapoint_at INTEGER);

CREATE TABLE item_block (block INTEGER PRIMARY KEY, output INTEGER NOT NULL,
    first_time INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_time INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
    least_sequence INTEGER NOT NULL, greatest_sequence INTEGER NOT NULL, least_live INTEGER, greatest_live INTEGER,
    count INTEGER NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX item_block_position ON item_block (output, first_time, first_sequence);
CREATE INDEX item_block_live ON item_block (output, greatest_live, least_live) WHERE greatest_live IS NOT NULL;

CREATE TABLE item_tail (output INTEGER, time INTEGER, sequence INTEGER, history INTEGER NOT NULL, text BLOB NOT NULL,
    PRIMARY KEY (output, time, sequence)) WITHOUT ROWID;
CREATE INDEX item_tail_live ON item_tail (output, sequence) WHERE history = 0;

CREATE TABLE datapoint_block (block INTEGER PRIMARY KEY, source INTEGER NOT NULL,
    least_sequence INTEGER NOT NULL, greatest_sequence INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX datapoint_block_sequence ON datapoint_block (source, greatest_sequence);
CREATE TABLE datapoint_tail (source INTEGER, sequence INTEGER, time INTEGER NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (source, sequence)) WITHOUT ROWID;
)";

// Requests that said who they are: `number` rises within a source, so that the oldest go first. And what retention asks of a block
// of datapoints without reading it; blocks of before have no extent until they are read for the first time.
constexpr const char* requestsAndRetention = R"(
CREATE TABLE request (source INTEGER, number INTEGER, identity TEXT NOT NULL, body TEXT NOT NULL, accepted INTEGER NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (source, number)) WITHOUT ROWID;
CREATE UNIQUE INDEX request_identity ON request (source, identity);
CREATE TABLE datapoint_extent (block INTEGER PRIMARY KEY, least_time INTEGER NOT NULL, bytes INTEGER NOT NULL);
)";

// From here on a block's columns may be narrower than four bytes and its times may be in steps (block.h): a program that does not
// know these would call them damaged.
constexpr const char* narrowColumns = "";

// What imports have staged lies among all else; `staged_range` says where, so that nobody sees it (hidden.h). What an output made
// of it is counted apart until it is committed, with what made it: filter and rule, nothing where they changed in between. The
// index tells whether a block is all hidden, so that a page goes past many of them without looking at their rows.
constexpr const char* stagedImports = R"(
CREATE TABLE staged_import (staged INTEGER PRIMARY KEY, import TEXT NOT NULL UNIQUE, source INTEGER NOT NULL, rows INTEGER NOT NULL,
    last_datapoint_at INTEGER NOT NULL, lost INTEGER NOT NULL DEFAULT 0);
CREATE TABLE staged_range (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, staged INTEGER NOT NULL, source INTEGER NOT NULL);
CREATE TABLE staged_count (staged INTEGER, output INTEGER, made_with TEXT NOT NULL, items INTEGER NOT NULL, skipped INTEGER NOT NULL,
    failed INTEGER NOT NULL, last_item_at INTEGER, failure_at INTEGER, failure_detail TEXT, failure_payload TEXT,
    PRIMARY KEY (staged, output));
DROP INDEX item_block_position;
CREATE UNIQUE INDEX item_block_position ON item_block (output, first_time, first_sequence, least_sequence, greatest_sequence);
)";

// Blocks have a checksum in their bytes; rows of a tail have `sum` (block.h, sumOf), nothing where they were written before.
constexpr const char* sumsOfTails = R"(
ALTER TABLE item_tail ADD COLUMN sum INTEGER;
ALTER TABLE datapoint_tail ADD COLUMN sum INTEGER;
)";

// Late items that wait to be placed (lateitems.h): lots are numbered in the order in which they came, and a number is not used again.
// What is asked of a lot without reading it stands before its body.
constexpr const char* lateLots = R"(
CREATE TABLE item_late (lot INTEGER PRIMARY KEY AUTOINCREMENT, output INTEGER NOT NULL, least_live INTEGER, greatest_live INTEGER,
    count INTEGER NOT NULL, sum INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX item_late_output ON item_late (output, lot);
)";

// From here on the texts of a block may have commas between them (block.h).
constexpr const char* joinedTexts = "";

// From here on datapoints say how they came in, those of a tail in `history`: what is remade of them comes in the same way. Those of
// before, up to `arrivals_since`, count as history, whatever their blocks say.
constexpr const char* arrivalsOfDatapoints = R"(
ALTER TABLE datapoint_tail ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
INSERT INTO state SELECT 'arrivals_since', value FROM state WHERE name = 'last_sequence';
)";

// What is not of items and datapoints has a sum as well (sumOf), nothing where it was written before.
constexpr const char* sumsOfAllElse = R"(
ALTER TABLE resource ADD COLUMN sum INTEGER;
ALTER TABLE audit ADD COLUMN sum INTEGER;
ALTER TABLE note ADD COLUMN sum INTEGER;
ALTER TABLE request ADD COLUMN sum INTEGER;
)";

// Outputs say in the catalog by which rules they are being applied, and generations that grow are there. And of each output is known
// how far apart the live sequences of a block are at most: who walks by sequence need not look at all blocks.
constexpr const char* widthsOfBlocks = R"(
INSERT INTO state SELECT 'live_width:' || output, max(greatest_live - least_live) FROM item_block WHERE greatest_live IS NOT NULL
    GROUP BY output;
)";

// From here on late items that were placed lie in blocks under a key of their own (layerOf, lateitems.h), which a program that does not
// know it would leave out.
constexpr const char* layersOfLateItems = "";

constexpr std::array allSteps{SchemaStep{firstVersion},  SchemaStep{requestsAndRetention}, SchemaStep{narrowColumns},
                              SchemaStep{stagedImports}, SchemaStep{sumsOfTails},          SchemaStep{lateLots},
                              SchemaStep{joinedTexts},    SchemaStep{arrivalsOfDatapoints}, SchemaStep{sumsOfAllElse}, SchemaStep{widthsOfBlocks},
                              SchemaStep{layersOfLateItems}};

Expected<void> runStep(Connection& connection, const SchemaStep& step, std::size_t version)
{
    const std::string sql = "BEGIN IMMEDIATE;" + std::string(step.sql) + "PRAGMA user_version = " + std::to_string(version) +
                            ";PRAGMA application_id = " + std::to_string(applicationId) + ";COMMIT;";
    if (auto done = connection.execute(sql.c_str()); !done) {
        if (!connection.isAutocommit())
            (void)connection.execute("ROLLBACK");
        return fail(done.error().within("the database cannot be brought to version " + std::to_string(version)));
    }
    return {};
}

} // namespace

std::span<const SchemaStep> schemaSteps()
{
    return allSteps;
}

Expected<std::size_t> schemaVersion(Connection& connection, std::size_t newest)
{
    const Expected<std::int64_t> tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables)
        return fail(tables.error());
    const Expected<std::int64_t> id = connection.integer("PRAGMA application_id");
    if (!id)
        return fail(id.error());
    const Expected<std::int64_t> version = connection.integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    const std::string file = "“" + connection.path() + "”";
    if (*tables != 0 && *id != applicationId)
        return fail(Problem::Internal, file + " is a database of another program");
    if (*version > static_cast<std::int64_t>(newest))
        return fail(Problem::Conflict, file + " was written by a newer version of this program (format " +
                                           std::to_string(*version) + ", this one reads up to " + std::to_string(newest) + ")");
    if (*version < 0 || (*tables == 0) != (*version == 0))
        return fail(Problem::Internal, file + " is damaged: its format and its tables contradict each other");
    return static_cast<std::size_t>(*version);
}

Expected<void> prepareSchema(Connection& connection, std::span<const SchemaStep> steps)
{
    const Expected<std::size_t> version = schemaVersion(connection, steps.size());
    if (!version)
        return fail(version.error());
    for (std::size_t next = *version; next < steps.size(); ++next) {
        if (auto done = runStep(connection, steps[next], next + 1); !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
