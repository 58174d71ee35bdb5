// SQLite's logs, written in long pieces.
#pragma once

namespace iotman::store {

/// Registers, once, a VFS of SQLite that puts writes to a write-ahead log together, which SQLite writes in two pieces for each page. What
/// was gathered is written before the file is read, measured, truncated or synced, and that call says whether it went well. So it is for
/// connections that sync each commit (`PRAGMA synchronous = FULL`): nobody looks for a commit in the log before. A database file is not
/// written so: a checkpoint that is not complete tells readers to look there without a call that could fail. Below it lies whatever VFS is
/// the default. Any thread.
/// Gives its name, for `Connection::open`.
const char* gatheringFiles();

} // namespace iotman::store
