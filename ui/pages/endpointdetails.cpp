#include "ui/pages/endpointdetails.h"

#include "core/client/text.h"
#include "ui/code/askpane.h"
#include "ui/code/codepane.h"
#include "ui/code/subject.h"
#include "ui/look/badge.h"
#include "ui/look/emptypage.h"
#include "ui/look/fonts.h"
#include "ui/look/metrics.h"
#include "ui/pages/endpointrow.h"
#include "ui/pages/tryitpane.h"
#include "ui/pages/words.h"

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
    , session_(session)
    , stack_(new QStackedWidget(this))
    , title_(new QLabel)
    , access_(new Badge({}))
    , streams_(new QLabel)
    , tabs_(new QTabWidget)
    , tryIt_(new TryItPane(session))
    , code_(new CodePane)
    , ask_(new AskPane(session.network(), session.tokens(), session.email()))
{
    title_->setFont(headFont());
    title_->setTextFormat(Qt::PlainText);
    streams_->setFont(noteFont());
    streams_->setForegroundRole(QPalette::PlaceholderText);
    tabs_->addTab(tryIt_, tr("Try it"));
    tabs_->addTab(code_, tr("Code"));
    tabs_->addTab(ask_, tr("Ask as a browser"));
    connect(ask_, &AskPane::addOriginRequested, this, &EndpointDetails::addOrigin);
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
    code_->setSubject(subjectOf(*endpoint, session_.connection().url));
    ask_->setEndpoint(*endpoint);
    ask_->setOrigins(session_.cors() ? std::optional(session_.cors()->value.origins) : std::nullopt);
    const Permit permit = session_.permit(Action::WriteCors);
    ask_->setMayAdd(permit.allowed, permit.reason);
}

void EndpointDetails::addOrigin(const QString& origin)
{
    if (!session_.cors())
        return ask_->showAddFailure(tr("The list of origins has not been read yet."));
    std::vector<std::string> origins = session_.cors()->value.origins.texts();
    origins.push_back(client::fromQt(origin));
    session_.saveCors(origins, session_.cors()->etag, this, [this](Expected<client::Tagged<CorsView>> saved) {
        if (!saved)
            return ask_->showAddFailure(errorText(saved.error()));
        ask_->setOrigins(saved->value.origins);
        ask_->ask();
    });
}

void EndpointDetails::setZone(const QTimeZone& zone)
{
    tryIt_->setZone(zone);
}

} // namespace iotman::ui
