// The page that asks: what a person typed, as a browser sees it.
#pragma once

#include "core/browser/sentence.h"
#include "core/model/corsorigin.h"
#include "core/model/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace iotman::browser {

/// Where a page comes from.
struct Page {
    std::string typed;
    std::string origin;            ///< the value of `Origin` that its browser sends; “null” for an opaque one
    Sentence repair;               ///< where that is not what was typed
    std::optional<CorsOrigin> web; ///< what could stand in a workspace's list; nothing for opaque origins and extensions

    bool isEncrypted() const; ///< https: or an extension's own scheme

    /// An address of a page, an origin, `null`, a file's path or `file:` URL, or an extension's origin. Errors: BadRequest with
    /// the sentence that the CORS page says, too.
    static Expected<Page> parse(std::string_view typed);
};

/// Where a web origin lives: “https://a.example:8443” in its parts, with the default port written out.
struct OriginParts {
    std::string scheme, host, port;
};
OriginParts originParts(std::string_view origin);

/// The origin of an http, https, ws or wss URL as a page's: ws counts as http.
std::string originOf(std::string_view url);

} // namespace iotman::browser
