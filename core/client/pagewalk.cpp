#include "core/client/pagewalk.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

#include <algorithm>

namespace iotman::client {

namespace {

tl::unexpected<Error> stuck(const std::string& why)
{
    return fail(Problem::Internal, "The server's pages do not get on: " + why + " The walk was stopped.");
}

bool isDescending(const std::vector<Item>& items)
{
    return std::is_sorted(items.begin(), items.end(),
                          [](const Item& a, const Item& b) { return a.time && b.time && *a.time > *b.time; });
}

bool hasCursor(const PageLink& link)
{
    return !link.parameter(QStringLiteral("cursor")).isEmpty();
}

/// Whether a link without a cursor asks for the same or a later end than the page it stands on.
bool standsStill(const PageLink& asked, const PageLink& next)
{
    const auto end = [](const PageLink& link) {
        return Timestamp::parseSeconds(fromQt(link.parameter(QStringLiteral("to"))), "to");
    };
    const Expected<Timestamp> before = end(asked);
    const Expected<Timestamp> after = end(next);
    return !hasCursor(next) && before && after && *after >= *before;
}

} // namespace

std::size_t overlap(const std::vector<std::string>& before, const std::vector<Item>& page)
{
    const std::size_t most = std::min(before.size(), page.size());
    for (std::size_t count = 1; count <= most; ++count) {
        const auto tail = before.end() - static_cast<std::ptrdiff_t>(count);
        if (std::equal(tail, before.end(), page.begin(),
                       [](const std::string& json, const Item& item) { return json == item.json; }))
            return count;
    }
    return 0;
}

Expected<void> WalkGuard::accept(const PageLink& asked, Page& page)
{
    visited_.insert(asked.url());
    if (!isDescending(page.items))
        return stuck("items are not newest first.");
    if (oldest_ && !page.items.empty() && page.items.front().time > oldest_)
        return stuck("a page is newer than the one before.");
    const PageLink* next = page.next && *page.next ? &**page.next : nullptr;
    if (next && visited_.contains(next->url()))
        return stuck("a link leads to a page that was read before.");
    if (next && standsStill(asked, *next))
        return stuck("a link asks for nothing older than its own page.");
    if (next && page.items.empty())
        return stuck("an empty page has a link to another one.");

    const bool repeats = !tail_.empty();
    std::vector<std::string> tail;
    if (next && !hasCursor(*next)) {
        for (const Item& item : page.items)
            tail.push_back(item.json);
    }
    if (!page.items.empty())
        oldest_ = page.items.back().time;
    if (repeats) {
        const auto again = static_cast<std::ptrdiff_t>(overlap(tail_, page.items));
        page.items.erase(page.items.begin(), page.items.begin() + again);
        if (next && page.items.empty())
            return stuck("a page has nothing but the items of the one before.");
    }
    tail_ = std::move(tail);
    return {};
}

PageWalk::PageWalk(PageReader& reader, PageQuery query, QObject* parent)
    : QObject(parent)
    , reader_(reader)
    , next_(PageLink::first(reader.address(), query))
{
}

Call PageWalk::next(QObject* context, Reply<Page> reply)
{
    const Pending<Page> pending(this, context, std::move(reply));
    if (!next_ || !*next_) {
        const Error error = next_ ? std::exchange(next_, std::nullopt)->error()
                                  : Error{Problem::NotFound, "There are no more pages.", {}, 0, {}, 0};
        QMetaObject::invokeMethod(
            this, [pending, error] { pending.finish(fail(error)); }, Qt::QueuedConnection);
        return pending.call();
    }
    const PageLink asked = **next_;
    pending.step(reader_.read(asked, this, [this, asked, pending](Expected<PageAnswer> answer) {
        pending.finish(answer ? taken(asked, std::move(*answer)) : Expected<Page>(fail(answer.error())));
    }));
    return pending.call();
}

/// Decides about a page that came, and what is next.
Expected<Page> PageWalk::taken(const PageLink& asked, PageAnswer answer)
{
    Expected<Page> page = std::move(answer.page);
    if (!page && isPassing(page.error()))
        return page;
    next_.reset();
    if (!page)
        return page;
    if (const Expected<void> accepted = guard_.accept(asked, *page); !accepted)
        return fail(accepted.error());
    next_ = page->next;
    return page;
}

} // namespace iotman::client
