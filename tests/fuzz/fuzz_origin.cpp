#include "core/browser/page.h"
#include "core/model/corsorigin.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    const std::string_view given = fuzz::text(data, size);
    if (const auto origin = CorsOrigin::parse(given)) {
        const auto again = CorsOrigin::parse(origin->text());
        fuzz::require(again && *again == *origin, "what is stored is stored the same again");
        CorsOrigins list;
        list.list = {*origin};
        fuzz::require(list.allows(origin->text()), "a stored origin is allowed");
    }
    if (const auto page = browser::Page::parse(given)) {
        const auto again = browser::Page::parse(page->origin);
        fuzz::require(again && again->origin == page->origin, "the origin of an origin is itself");
    }
    for (const std::string& entry : splitCorsText(given))
        fuzz::require(!entry.empty(), "no entry is empty");
    return 0;
}
