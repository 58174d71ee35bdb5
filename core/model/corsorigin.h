// Which browser origins may read: entries as people type them and as browsers send them (Fetch and URL standards).
#pragma once

#include "core/model/error.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace iotman {

/// An origin as a browser sends it in `Origin`: `scheme://host[:port]`, lower case, default port dropped, IDN in punycode.
class CorsOrigin {
public:
    /// Repairs what a person types (blanks around, case, default port, trailing slash, path, query, fragment) and refuses
    /// what cannot be an origin with a sentence that names the likely right form. Errors: BadRequest, field "origins".
    static Expected<CorsOrigin> parse(std::string_view typed);

    const std::string& text() const { return text_; }
    /// With an international host as people read it: `https://대시보드.example`. The same as `text()` for others.
    std::string readable() const;

    auto operator<=>(const CorsOrigin&) const = default;

private:
    std::string text_;
};

/// The workspace's allowlist: every origin, or the listed ones.
struct CorsOrigins {
    bool any = false;
    std::vector<CorsOrigin> list; ///< in the order given, each once; empty when `any`

    /// `origin` is the header's value, byte for byte as the browser sent it; the opaque origin “null” only passes with `any`.
    bool allows(std::string_view origin) const;
    /// As stored and answered: `["*"]` or the origins.
    std::vector<std::string> texts() const;

    bool operator==(const CorsOrigins&) const = default;
};

/// What became of one entry.
struct CorsRepair {
    std::string given;
    std::string stored;

    bool operator==(const CorsRepair&) const = default;
};

struct CorsDraft {
    CorsOrigins origins;
    std::vector<CorsRepair> repairs; ///< entries that are stored otherwise than given
};

inline constexpr std::size_t mostCorsOrigins = 500;

/// The list of an API request or a workspace file. `*` must stand alone. Errors: BadRequest, naming the entry.
Expected<CorsDraft> parseCorsOrigins(const std::vector<std::string>& given);

/// The entries of a text that a person typed: separated by commas, blanks and line breaks.
std::vector<std::string> splitCorsText(std::string_view typed);

} // namespace iotman
