// Walks from page to page, and trusts no server to make that end.
#pragma once

#include "core/client/pagereader.h"

#include <QSet>

namespace iotman::client {

/// The rules of a walk, as a value: which page may follow which. Where links carry no `cursor` (hosted services), what stood at
/// the end of one page and stands again at the start of the next is dropped: `to` is inclusive, so the last item always comes
/// again.
class WalkGuard {
public:
    /// Looks at the page that `asked` answered and takes out repeats.
    /// Errors: Internal when the walk does not get older: a link that was followed before, an empty page with a link, times that
    /// rise, nothing but repeats.
    Expected<void> accept(const PageLink& asked, Page& page);

private:
    QSet<QUrl> visited_;
    std::vector<std::string> tail_; ///< items of the page before, where the link that led on has no cursor
    std::optional<Timestamp> oldest_;
};

/// How many items at the start of `page` repeat the end of `before`: the shortest overlap, at least one item long; 0 for none.
/// The shortest, because equal items in a row may be different records.
std::size_t overlap(const std::vector<std::string>& before, const std::vector<Item>& page);

/// One walk over an endpoint's history, newest page first.
class PageWalk : public QObject {
public:
    /// `reader` must outlive the walk.
    PageWalk(PageReader& reader, PageQuery query, QObject* parent = nullptr);

    /// False once the last page was read or the walk has failed.
    bool hasMore() const { return next_.has_value(); }
    /// The next page, its repeats taken out. Call it while `hasMore`, and not again before it has answered.
    /// Errors: those of the page, WalkGuard's, and Forbidden for a link that leads elsewhere; nothing is sent there.
    /// After an error that passes (`isPassing`) it may be called again for the same page.
    Call next(QObject* context, Reply<Page> reply);

private:
    Expected<Page> taken(const PageLink& asked, PageAnswer answer);

    PageReader& reader_;
    WalkGuard guard_;
    std::optional<Expected<PageLink>> next_;
};

} // namespace iotman::client
