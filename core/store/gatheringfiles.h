// SQLite's files, written in long pieces.
#pragma once

namespace iotman::store {

/// Registers, once, a VFS of SQLite that puts writes which follow each other together: SQLite writes a database page by page and a log
/// in two pieces for each. What was gathered is written before anything else is done with the file, and when the file is synced, which
/// says whether it went well; so it is for connections that sync what they write (`PRAGMA synchronous = FULL`). Below it lies whatever VFS
/// is the default. Any thread.
/// Gives its name, for `Connection::open`.
const char* gatheringFiles();

} // namespace iotman::store
