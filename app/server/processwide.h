// What is said to libraries once, for the whole process, before anything uses them.
#pragma once

namespace iotman {

/// What OpenSSL keeps for the process stays until its end; at exit OpenSSL would free it, and what it keeps for each thread with
/// it. But a QThread counts as finished before its thread has freed its own part: both at once free it twice.
void keepOpenSslToTheEnd();

/// Large pieces of memory go back to the system when they are freed. Left alone, glibc would keep pieces of up to 32 MiB after the first
/// of them was freed, so that a server stays as large as it once was.
void giveMemoryBack();

/// A core file would hold keys and tokens. Who wants one raises the limit again in a debugger.
void forbidCoreFiles();

} // namespace iotman
