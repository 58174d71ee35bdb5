#include "ui/activity/streamspane.h"

#include "core/model/clock.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/pages/listpane.h"

#include <QVBoxLayout>

namespace iotman::ui {

StreamsPane::StreamsPane(Session& session, QSettings& settings, std::chrono::milliseconds every, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , list_(new ListPane(streamColumns(),
                         {tr("Open streams"), tr("Filter streams"), QStringLiteral("stream"), tr("No stream is open"),
                          tr("Who reads a stream of this server appears here, with how many items it has not taken yet."),
                          tr("No stream has this text.")},
                         settings, QStringLiteral("activity/streams"), this))
{
    list_->addCopyActions(list_);
    list_->sortBy(1, Qt::DescendingOrder);
    again_.setSingleShot(true);
    again_.setInterval(every);
    again_.callOnTimeout(this, &StreamsPane::ask);
    connect(list_, &ListPane::chosenChanged, this, &StreamsPane::currentChanged);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, metrics::smallSpace, 0, 0);
    rows->addWidget(list_);
}

std::uint64_t StreamsPane::current() const
{
    return list_->current().toULongLong();
}

void StreamsPane::start()
{
    if (!std::exchange(started_, true))
        ask();
}

void StreamsPane::stop()
{
    started_ = false;
    again_.stop();
    call_.cancel();
}

void StreamsPane::ask()
{
    call_ = session_.management().request({"GET", "activity/streams?limit=1000", {}, {}}, this,
                                          [this](Expected<client::Document> document) { took(document); });
}

void StreamsPane::took(const Expected<client::Document>& document)
{
    const auto streams = document ? openStreamsFrom(document->text) : Expected<std::vector<OpenStream>>(fail(document.error()));
    list_->message()->setVisible(!streams);
    if (!streams) {
        const bool unknown = streams.error().kind == Problem::NotFound;
        list_->message()->setMessage(
            MessageLine::Kind::Warning,
            unknown ? tr("It is older than this program, or hosted elsewhere.") : errorText(streams.error()),
            unknown ? tr("This server does not tell its streams.") : tr("What is new could not be read."));
        if (unknown)
            return stop();
    } else {
        const ReadingContext context{session_.clock().now(), zone_, locale()};
        std::vector<TableRow> rows;
        streams_ = *streams;
        for (const OpenStream& stream : streams_)
            rows.push_back(streamRow(stream, context));
        list_->setRows(std::move(rows), true);
        Q_EMIT read();
    }
    again_.start();
}

} // namespace iotman::ui
