#include "core/client/page.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"
#include "core/model/encoding.h"

#include <QUrlQuery>

namespace iotman::client {

namespace {

QUrl withTimes(QUrl url)
{
    QUrlQuery query(url);
    if (!query.hasQueryItem(QStringLiteral("times")))
        query.addQueryItem(QStringLiteral("times"), QStringLiteral("1"));
    url.setQuery(query);
    return url;
}

tl::unexpected<Error> unusable(const std::string& why)
{
    return fail(Problem::Internal, "The server's page is not usable. " + why);
}

/// The members of a page's object, as slices.
struct Slices {
    std::optional<std::vector<std::string_view>> data;
    std::optional<std::vector<std::string_view>> times;
    std::optional<std::string_view> next;
    std::optional<std::string_view> live;
};

std::vector<std::string_view> elements(JsonScanner& scanner)
{
    std::vector<std::string_view> slices;
    while (scanner.element()) {
        if (const auto slice = scanner.value())
            slices.push_back(*slice);
    }
    return slices;
}

Expected<Slices> slicesOf(std::string_view body)
{
    JsonScanner scanner(body);
    Slices slices;
    bool repeated = false;
    const bool isObject = scanner.enterObject();
    while (const auto name = isObject ? scanner.member() : std::nullopt) {
        auto* list = *name == "data" ? &slices.data : *name == "times" ? &slices.times : nullptr;
        auto* text = *name == "next_page" ? &slices.next : *name == "live" ? &slices.live : nullptr;
        repeated = repeated || (list && list->has_value()) || (text && text->has_value());
        if (list && scanner.enterArray())
            *list = elements(scanner);
        else if (const auto value = scanner.value(); value && text)
            *text = value;
    }
    if (!isObject)
        return unusable("Expected an object with “data” and “next_page”.");
    if (const auto done = scanner.finish(); !done)
        return unusable(done.error().detail);
    if (repeated)
        return unusable("A member stands there twice.");
    if (!slices.data)
        return unusable("Expected a list “data”, but there is none.");
    return slices;
}

Expected<std::vector<Item>> itemsOf(const Slices& slices)
{
    if (slices.times && slices.times->size() != slices.data->size())
        return unusable("Expected as many times as items, but got " + std::to_string(slices.times->size()) + " for " +
                        std::to_string(slices.data->size()) + ".");
    std::vector<Item> items;
    items.reserve(slices.data->size());
    for (std::size_t i = 0; i < slices.data->size(); ++i) {
        Item item{std::nullopt, std::string((*slices.data)[i])};
        if (slices.times) {
            const Expected<Timestamp> time = Timestamp::parseSeconds((*slices.times)[i], "times");
            if (!time)
                return unusable(time.error().detail);
            item.time = *time;
        }
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace

PageLink PageLink::first(const EndpointAddress& address, const PageQuery& asked)
{
    QUrlQuery query;
    if (asked.from)
        query.addQueryItem(QStringLiteral("from"), toQt(asked.from->seconds()));
    if (asked.to)
        query.addQueryItem(QStringLiteral("to"), toQt(asked.to->seconds()));
    if (asked.limit)
        query.addQueryItem(QStringLiteral("limit"), QString::number(*asked.limit));
    QUrl url = address.page;
    url.setQuery(query);
    return PageLink(withTimes(url));
}

Expected<PageLink> PageLink::next(const EndpointAddress& address, const PageLink& current, std::string_view link)
{
    return followed(link, current.url(), address.page, address.publicPage).map([](const QUrl& url) {
        return PageLink(withTimes(url));
    });
}

QString PageLink::parameter(const QString& name) const
{
    return QUrlQuery(url_).queryItemValue(name, QUrl::FullyDecoded);
}

Expected<Page> parsePage(std::string_view body, const EndpointAddress& address, const PageLink& asked)
{
    if (!isUtf8(body))
        return unusable("Expected UTF-8, but some bytes are not.");
    const Expected<Slices> slices = slicesOf(body);
    if (!slices)
        return fail(slices.error());
    Expected<std::vector<Item>> items = itemsOf(*slices);
    if (!items)
        return fail(items.error());
    Page page{std::move(*items), std::nullopt, {}};
    if (slices->next && *slices->next != "null") {
        const std::optional<std::string> link = stringFrom(*slices->next);
        if (!link)
            return unusable("Expected “next_page” to be a text or null.");
        page.next = PageLink::next(address, asked, *link);
    }
    if (slices->live)
        page.live = stringFrom(*slices->live).value_or(std::string());
    return page;
}

} // namespace iotman::client
