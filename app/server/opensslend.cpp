#include "app/server/opensslend.h"

#include <openssl/crypto.h>

namespace iotman {

void keepOpenSslToTheEnd()
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

} // namespace iotman
