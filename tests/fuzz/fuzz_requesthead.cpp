#include "core/server/requesthead.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman::server;
    using iotman::fuzz::require;
    const std::string_view bytes = iotman::fuzz::text(data, size);
    const HeadResult result = readHead(bytes, {});
    if (const auto* whole = std::get_if<CompleteHead>(&result)) {
        require(whole->bytes <= size, "no more is read than is there");
        const HeadResult again = readHead(bytes.substr(0, whole->bytes), {});
        const auto* same = std::get_if<CompleteHead>(&again);
        require(same && same->head.target == whole->head.target, "what follows a head does not change it");
        for (const Header& header : whole->head.headers)
            require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
        require(whole->head.path().size() + whole->head.query().size() <= whole->head.target.size(),
                "path and query are the target's");
    } else if (std::holds_alternative<NeedMore>(result)) {
        require(size <= HeadLimits().head, "a head that is too long is refused, not waited for");
    }
    return 0;
}
