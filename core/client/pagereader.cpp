#include "core/client/pagereader.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

namespace iotman::client {

namespace {

constexpr qint64 mostPageBytes = 64LL << 20;

Expected<Page> pageOf(const HttpAnswer& raw, const EndpointAddress& address, const PageLink& link)
{
    if (!raw.isSuccess())
        return fail(refusal(raw));
    if (!raw.body.trimmed().startsWith('{'))
        return fail(notTheContract(raw, "a page as JSON"));
    return parsePage(view(raw.body), address, link);
}

} // namespace

PageReader::PageReader(Network& network, TokenSource* tokens, EndpointAddress address, QObject* parent)
    : QObject(parent)
    , address_(std::move(address))
    , http_(network, tokens)
{
}

Call PageReader::read(const PageLink& link, QObject* context, Reply<PageAnswer> reply)
{
    const HttpRequest request{"GET", link.url(), {{"Accept", "application/json"}}, {}, mostPageBytes};
    const Pending<PageAnswer> pending(this, context, std::move(reply));
    pending.step(http_.send(request, this, [this, link, pending](Expected<HttpAnswer> answer) {
        if (!answer)
            return pending.finish(fail(answer.error()));
        Expected<Page> page = pageOf(*answer, address_, link);
        pending.finish(PageAnswer{link.url(), std::move(*answer), std::move(page)});
    }));
    return pending.call();
}

Call PageReader::read(const PageQuery& query, QObject* context, Reply<PageAnswer> reply)
{
    return read(PageLink::first(address_, query), context, std::move(reply));
}

} // namespace iotman::client
