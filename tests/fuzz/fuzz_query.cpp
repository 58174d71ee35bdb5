#include "core/model/query.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    const QueryParameters query = QueryParameters::parse(fuzz::text(data, size));
    const EndpointId endpoint{"weather"};
    if (const auto page = PageRequest::parse(query, endpoint)) {
        fuzz::require(page->limit >= 1 && page->limit <= mostLimit, "a limit is within its bounds");
        if (page->from) {
            const auto again = QueryParameters::parse("from=" + page->from->seconds());
            const auto same = PageRequest::parse(again, endpoint);
            fuzz::require(same && same->from == page->from, "a time is read back as it is written");
        }
    } else {
        fuzz::require(!page.error().field.empty(), "the parameter at fault is named");
    }
    (void)StreamRequest::parse(query, endpoint);
    return 0;
}
