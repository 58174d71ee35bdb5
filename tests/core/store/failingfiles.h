// A disk that is full from the n-th write on.
#pragma once

namespace iotman::store {

/// Registers, once and for all of SQLite in this process, a VFS whose writes can fail, as the default.
void makeWritesFail();
/// The next `writes` calls that write or truncate go well, all others say that the disk is full, until this is said again. Any thread.
void failAfter(int writes);
/// None fails any more; whether one did.
bool failNoMore();

} // namespace iotman::store
