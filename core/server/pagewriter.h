// How a page is written: as JSON, or as CSV or NDJSON where the client prefers that.
#pragma once

#include "core/server/response.h"
#include "core/store/store.h"

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

    /// How many of `items`, each JSON, were added: fewer where the page would grow beyond `mostPageBytes`; then it ends there.
    /// The page's first item always fits.
    virtual std::size_t add(const store::ItemRun& items) = 0;

    /// The whole answer, without what CORS adds. Called once, last.
    virtual Response finish(const PageEnd& end) = 0;
};

enum class Times { LeftOut, Written };

/// Where pages are written, one after the other: to ask for that much memory at each costs more than to fill it. One thread's.
class PageRoom {
public:
    /// Empty, and nobody else's.
    std::shared_ptr<std::string> take();

private:
    std::shared_ptr<std::string> last_;
};

/// The writer's answer has its text in `room`, as its shared content.
std::unique_ptr<PageWriter> pageWriter(PageFormat format, Times times, std::shared_ptr<std::string> room);

} // namespace iotman::server
