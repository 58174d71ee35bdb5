#include "app/server/processwide.h"

#include <openssl/crypto.h>

#include <sys/resource.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace iotman {

void keepOpenSslToTheEnd()
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

void giveMemoryBack()
{
#ifdef __GLIBC__
    // Bodies, pages and batches of the usual size are below, and cost no page fault each time.
    constexpr int large = 1024 * 1024;
    constexpr int keptAtTheTop = 16 * 1024 * 1024;
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, keptAtTheTop);
#endif
}

void forbidCoreFiles()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = 0; // the hard limit stays
    setrlimit(RLIMIT_CORE, &limit);
}

} // namespace iotman
