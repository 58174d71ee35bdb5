#include "ui/activity/hintlist.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/pages/words.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

namespace {

QString itemsWord(std::int64_t items)
{
    return HintList::tr("%Ln items", nullptr, pluralCount(items));
}

} // namespace

QString hintTitle(const ActivityHint& hint)
{
    switch (hint.kind) {
    case ActivityHint::Kind::Milliseconds:
        return HintList::tr("Asks in milliseconds");
    case ActivityHint::Kind::Polls:
        return HintList::tr("Polls, could stream");
    case ActivityHint::Kind::NeverFollows:
        return HintList::tr("Never follows next_page");
    case ActivityHint::Kind::TokenInUrl:
        return HintList::tr("Token in the URL of a page request");
    case ActivityHint::Kind::NoCursor:
        return hint.lost ? HintList::tr("Reconnects without a cursor: lost %1").arg(itemsWord(*hint.lost))
                         : HintList::tr("Reconnects without a cursor");
    case ActivityHint::Kind::HereOnly:
        return HintList::tr("Works here only");
    }
    return {};
}

QString hintText(const ActivityHint& hint, const QLocale& locale)
{
    const QString who = toQt(hint.client), endpoint = toQt(hint.endpoint), evidence = toQt(hint.evidence);
    const int count = pluralCount(hint.count);
    switch (hint.kind) {
    case ActivityHint::Kind::Milliseconds:
        return HintList::tr("%Ln requests of %1, such as %2. Times are Unix seconds.", nullptr, count).arg(who, evidence);
    case ActivityHint::Kind::Polls:
        return HintList::tr("%1 read %2 %Ln times, every %3 s. A stream brings each item at once.", nullptr, count)
            .arg(who, endpoint, evidence);
    case ActivityHint::Kind::NeverFollows:
        return HintList::tr("%1 reads %2 items of %3, and never asks for the next page.").arg(who, evidence, endpoint);
    case ActivityHint::Kind::TokenInUrl:
        return HintList::tr("%Ln requests of %1. URLs end up in logs: send Authorization instead.", nullptr, count).arg(who);
    case ActivityHint::Kind::NoCursor:
        if (hint.lost)
            return HintList::
                tr("%1 opened a stream of %2 again (times: %3, the last time after %4 s) without saying where it was. %5 that "
                   "were published in between are missing there.")
                    .arg(who, endpoint, locale.toString(count), evidence, itemsWord(*hint.lost));
        return HintList::tr(
                   "%1 opened a stream of %2 again %Ln times without saying where it was; what came in the %3 s before is "
                   "missing there.",
                   nullptr, count)
            .arg(who, endpoint, evidence);
    case ActivityHint::Kind::HereOnly:
        return HintList::tr("%Ln requests of %1, such as %2. The hosted service does not document this.", nullptr, count)
            .arg(who, evidence);
    }
    return {};
}

HintList::HintList(QWidget* parent)
    : QWidget(parent)
    , rows_(nullptr)
{
    constexpr int narrowest = 240;
    setMinimumWidth(narrowest);
    auto* title = new QLabel(tr("Hints"), this);
    title->setFont(headFont());
    auto* list = new QWidget;
    rows_ = new QVBoxLayout(list);
    rows_->setContentsMargins(metrics::smallSpace, metrics::smallSpace, metrics::smallSpace, metrics::smallSpace);
    rows_->setSpacing(metrics::mediumSpace);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(title);
    column->addWidget(scroll, 1);
}

void HintList::setHints(std::vector<ActivityHint> hints)
{
    if (hints == hints_ && rows_->count() > 0)
        return;
    hints_ = std::move(hints);
    while (QLayoutItem* item = rows_->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const ActivityHint& hint : hints_)
        rows_->addWidget(rowOf(hint));
    if (hints_.empty()) {
        auto* nothing = new QLabel(tr("Nothing to mend in what was asked lately."));
        nothing->setWordWrap(true);
        nothing->setForegroundRole(QPalette::PlaceholderText);
        rows_->addWidget(nothing);
    }
    rows_->addStretch();
}

QWidget* HintList::rowOf(const ActivityHint& hint)
{
    auto* title = new QLabel(hintTitle(hint));
    title->setFont(headFont());
    title->setWordWrap(true);
    auto* text = new QLabel(hintText(hint, locale()));
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto* show = new QPushButton(tr("Show these %Ln", nullptr, static_cast<int>(hint.count)));
    makeSmall(show);
    connect(show, &QPushButton::clicked, this, [this, hint] { Q_EMIT chosen(hint); });
    auto* part = new QWidget;
    auto* rows = new QVBoxLayout(part);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::tinySpace);
    rows->addWidget(title);
    rows->addWidget(text);
    rows->addWidget(show, 0, Qt::AlignLeft);
    return part;
}

} // namespace iotman::ui
