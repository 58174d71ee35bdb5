// One page of an endpoint, as values; every item keeps the exact bytes that came.
#pragma once

#include "core/client/address.h"
#include "core/model/query.h"

#include <QUrl>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::client {

struct Item {
    std::optional<Timestamp> time; ///< of its datapoint; a hosted service does not tell it
    std::string json;              ///< the bytes that the server sent, well-formed JSON in UTF-8

    bool operator==(const Item&) const = default;
};

/// What to ask for. Times are always asked for as well (`times=1`); a service that does not know the parameter ignores it.
struct PageQuery {
    std::optional<Timestamp> from; ///< inclusive
    std::optional<Timestamp> to;   ///< inclusive
    std::optional<int> limit;      ///< 1 … mostLimit; nothing: the server's default
};

/// A page's URL that may be asked for with a token: one made here, or a link that leads to the same endpoint.
class PageLink {
public:
    static PageLink first(const EndpointAddress& address, const PageQuery& query);
    /// `link` as it stood in the answer of `current`. Errors: Forbidden when it leads elsewhere.
    static Expected<PageLink> next(const EndpointAddress& address, const PageLink& current, std::string_view link);

    const QUrl& url() const { return url_; }
    /// A parameter of the query, decoded; empty where there is none.
    QString parameter(const QString& name) const;

    bool operator==(const PageLink&) const = default;

private:
    explicit PageLink(QUrl url)
        : url_(std::move(url))
    {
    }

    QUrl url_;
};

struct Page {
    std::vector<Item> items; ///< newest first
    std::optional<Expected<PageLink>>
        next;         ///< the next older page; nothing on the last; an error for a link that leads elsewhere
    std::string live; ///< the stream cursor of the moment the page was read; empty where not told
};

/// The body of a page that `asked` answered. Errors: Internal, saying what was expected.
Expected<Page> parsePage(std::string_view body, const EndpointAddress& address, const PageLink& asked);

} // namespace iotman::client
