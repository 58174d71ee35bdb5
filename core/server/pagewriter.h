// How a page is written: as JSON, or as CSV or NDJSON where the client prefers that.
#pragma once

#include "core/model/timestamp.h"
#include "core/server/response.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::server {

inline constexpr std::size_t mostPageBytes = 8 * 1024 * 1024;

enum class PageFormat { Json, Csv, Ndjson };

/// By the request's Accept.
PageFormat pageFormat(const RequestHead& head);

/// What comes after the last item.
struct PageEnd {
    std::optional<std::string> next; ///< URL of the next page
    std::optional<std::string> live; ///< the stream cursor at the page's moment; only where times were asked for
};

/// One page. Items are added newest first.
class PageWriter {
public:
    virtual ~PageWriter() = default;

    /// False when the page would grow beyond `mostPageBytes`: then nothing was added and the page ends here. The first item
    /// always fits. `item` is JSON.
    virtual bool add(Timestamp time, std::string_view item) = 0;

    /// The whole answer, without what CORS adds. Called once, last.
    virtual Response finish(const PageEnd& end) = 0;
};

enum class Times { LeftOut, Written };

std::unique_ptr<PageWriter> pageWriter(PageFormat format, Times times);

} // namespace iotman::server
