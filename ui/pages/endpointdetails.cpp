#include "ui/pages/endpointdetails.h"

#include "core/client/text.h"
#include "ui/look/badge.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/metrics.h"
#include "ui/pages/endpointrow.h"
#include "ui/pages/tryitpane.h"

#include <QLabel>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

QString openStreams(std::int64_t streams)
{
    if (streams == 0)
        return EndpointDetails::tr("no stream open");
    if (streams == 1)
        return EndpointDetails::tr("1 stream open");
    return EndpointDetails::tr("%Ln streams open", nullptr, static_cast<int>(streams));
}

} // namespace

EndpointDetails::EndpointDetails(Session& session, QWidget* parent)
    : QWidget(parent)
    , stack_(new QStackedWidget(this))
    , title_(new QLabel)
    , access_(new Badge({}))
    , streams_(new QLabel)
    , tabs_(new QTabWidget)
    , tryIt_(new TryItPane(session))
{
    title_->setFont(headFont());
    title_->setTextFormat(Qt::PlainText);
    streams_->setFont(noteFont());
    streams_->setForegroundRole(QPalette::PlaceholderText);
    tabs_->addTab(tryIt_, tr("Try it"));
    auto* page = new QWidget(stack_);
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title_);
    head->addWidget(access_);
    head->addStretch();
    head->addWidget(streams_);
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(tabs_, 1);
    stack_->addWidget(page);
    auto* nothing = new QLabel(tr("Choose an endpoint to try it."), stack_);
    nothing->setAlignment(Qt::AlignCenter);
    stack_->addWidget(nothing);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(stack_);
    setEndpoint(std::nullopt);
}

void EndpointDetails::setEndpoint(const std::optional<EndpointView>& endpoint)
{
    stack_->setCurrentIndex(endpoint ? 0 : 1);
    if (!endpoint)
        return;
    const std::optional<ScopeName>& scope = endpoint->endpoint.requiredScope;
    title_->setText(client::toQt(endpoint->outputName.text));
    access_->setBadge({scope ? BadgeKind::Scope : BadgeKind::Public, accessWord(scope)});
    streams_->setText(endpoint->endpoint.enabled ? openStreams(endpoint->streams) : tr("switched off"));
    tryIt_->setEndpoint(*endpoint);
}

void EndpointDetails::setZone(const QTimeZone& zone)
{
    tryIt_->setZone(zone);
}

} // namespace iotman::ui
