// What a request for a page or a stream asks: the query string, read strictly.
#pragma once

#include "core/model/cursor.h"
#include "core/model/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iotman {

/// Parameters of a query string in their order, decoded as forms write them: `%XX`, and `+` is a blank.
class QueryParameters {
public:
    /// `text` is what stands behind the `?`. A parameter whose escapes are broken keeps its raw text.
    static QueryParameters parse(std::string_view text);

    /// Errors: BadRequest with the field, when it is given twice.
    Expected<std::optional<std::string>> once(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

inline constexpr int defaultLimit = 100;
inline constexpr int mostLimit = 10'000;

/// What the hosted service documents, or that and our extensions to it.
enum class Contract { Extended, Hosted };
std::string_view text(Contract contract); ///< "extended", "hosted"

/// `GET /data/out/{id}?from&to&limit&cursor&times`.
struct PageRequest {
    std::optional<Timestamp> from; ///< inclusive
    std::optional<Timestamp> to;   ///< inclusive
    int limit = defaultLimit;
    std::optional<PageCursor> cursor;
    bool times = false;

    /// Parameters that `contract` does not know are ignored. Errors: BadRequest, field is the parameter.
    static Expected<PageRequest> parse(const QueryParameters& query, const EndpointId& endpoint, Contract contract = Contract::Extended);
};

/// `GET /data/out/{id}/stream?from|cursor&times&access_token`, and `/events` alike.
struct StreamRequest {
    std::optional<Timestamp> from;
    std::optional<StreamCursor> cursor;
    bool times = false;
    std::string accessToken; ///< secret; empty when there is none

    /// As for a page.
    static Expected<StreamRequest> parse(const QueryParameters& query, const EndpointId& endpoint, Contract contract = Contract::Extended);
};

} // namespace iotman
