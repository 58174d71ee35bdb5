#include "core/server/token.h"
#include "tests/fuzz/fuzz.h"

/// Without a key nothing may be accepted, however it is formed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    const auto claims = server::verifiedToken(fuzz::text(data, size), server::TokenIssuer::own("workspace", {}), Timestamp{1'700'000'000'000'000});
    fuzz::require(!claims, "no token is valid without a key");
    fuzz::require(claims.error().kind == Problem::Unauthorized, "a token that is none is a 401");
    return 0;
}
