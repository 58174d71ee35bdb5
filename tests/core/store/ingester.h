// A process that ingests until it is killed, and what must then be there.
#pragma once

#include "core/store/store.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace iotman::store {

/// The argument that turns the test program into the ingesting one: `--ingest FOLDER SEED`.
inline constexpr std::string_view ingestArgument = "--ingest";

/// Opens the store in `folder` and appends batches of all sizes, late ones among them, from several threads, while outputs come
/// and go. Prints `FIRST COUNT` for each batch that was answered. Ends only by being killed, or with 1 when something failed.
int ingest(const std::string& folder, unsigned seed);

/// Starts this program to ingest, with `words` as further arguments, kills it (SIGKILL) `after` it has printed `answers` lines, and gives
/// what was answered.
std::vector<Committed> ingestUntilKilled(const std::string& folder, unsigned seed, int answers, std::chrono::microseconds after,
                                         const std::vector<std::string>& words = {});

/// Checks the folder: all that was answered is there, no batch is there in part, items and counters agree. Empty when all is
/// well.
std::string whatIsMissing(const std::string& folder, const std::map<Sequence, std::size_t>& answered);

} // namespace iotman::store
