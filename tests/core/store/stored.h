// What the store's tests share: a small workspace, batches, and what a reader finds, as text.
#pragma once

#include "core/store/mergepace.h"
#include "core/store/store.h"

#include <QtTest/QtTest>

namespace iotman::store {

/// A workspace with the sources "a" (key 1) and "b" (key 2) and the outputs "one" (key 3) and "two" (key 4).
Catalog smallCatalog();

Output outputOf(OutputKey key, const std::string& name);

/// A batch of `source` with one datapoint of `{"n":<number>}` for each time.
Batch batchOf(SourceKey source, const std::vector<Timestamp>& times, int number = 0);

/// Each payload becomes an item of every output in the catalog.
std::vector<MadeItems> passThrough(const Batch& batch, Sequence first, const Catalog& catalog);

Expected<Committed> append(Store& store, Batch batch, const MakeItems& make = passThrough);
Expected<void> change(Store& store, const std::function<Expected<void>(Catalog&, Sequence)>& change);

/// What comes late goes among the other items as soon as nothing else is written; or stays where it is.
inline constexpr MergeTiming mergeAtOnce{std::chrono::milliseconds(0), 0, std::chrono::milliseconds(0), std::chrono::milliseconds(0), std::chrono::milliseconds(10)};
inline constexpr MergeTiming neverMerge{std::chrono::hours(24), 0, std::chrono::milliseconds(0), std::chrono::hours(24), std::chrono::hours(24)};

/// One line for each item or datapoint: `time/sequence text`.
using Lines = std::vector<std::string>;
std::string line(const Position& position, std::string_view text);

Lines newestFirst(Reader& reader, OutputKey output, std::size_t limit = SIZE_MAX, Timestamp from = Timestamp::min(),
                  Timestamp to = Timestamp::max(), const std::optional<Position>& before = {});
Lines oldestFirst(Reader& reader, OutputKey output, Sequence after = 0, Sequence until = INT64_MAX,
                  const Position& position = {Timestamp::min(), 0}, std::size_t limit = SIZE_MAX);
Lines bySequence(Reader& reader, OutputKey output, Sequence after = 0, std::size_t limit = SIZE_MAX);
Lines datapoints(Reader& reader, std::optional<SourceKey> source = {}, Sequence after = 0, Sequence until = INT64_MAX,
                 std::size_t limit = SIZE_MAX);

} // namespace iotman::store

/// Fails with the error's sentence.
#define VERIFY_DONE(expected)                                                                                                    \
    do {                                                                                                                         \
        const auto& verified = (expected);                                                                                       \
        QVERIFY2(verified, verified ? "" : verified.error().detail.c_str());                                                     \
    } while (false)
