#include "core/import/splitbody.h"
#include "core/rules/payload.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    const std::string_view body = fuzz::text(data, size);
    const auto split = files::splitBody(body);
    if (!split)
        return 0;
    rules::Payload payload;
    for (const files::Slice& slice : split->objects) {
        fuzz::require(slice.text.data() >= body.data() && slice.text.data() + slice.text.size() <= body.data() + body.size(),
                      "a slice lies in its body");
        if (const auto parsed = payload.parse(slice.text); !parsed)
            (void)files::placedInBody(body, split->shape, slice, parsed.error());
    }
    return 0;
}
