#include "ui/pages/corsask.h"

#include "core/client/text.h"
#include "ui/code/askpane.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/fonts.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/session.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

CorsAsk::CorsAsk(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , endpoints_(new QComboBox(this))
    , pane_(new AskPane(session.network(), session.tokens(), session.email(), this))
{
    auto* title = new QLabel(tr("Ask as a browser"), this);
    title->setFont(headFont());
    auto* note = new ElidedLabel(tr("tests the list as edited, before it is saved"), this);
    note->setElideMode(Qt::ElideRight);
    note->setForegroundRole(QPalette::PlaceholderText);
    endpoints_->setAccessibleName(tr("Endpoint to ask"));
    endpoints_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    endpoints_->setMinimumContentsLength(20);
    auto* label = new QLabel(tr("En&dpoint"), this);
    label->setBuddy(endpoints_);
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::smallSpace);
    head->addWidget(title);
    head->addWidget(note, 1);
    head->addWidget(label);
    head->addWidget(endpoints_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, metrics::tinySpace, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(head);
    rows->addWidget(pane_, 1);
    for (auto* button : pane_->findChildren<QPushButton*>())
        button->setDefault(false); // of a page one is: Save
    connect(endpoints_, &QComboBox::currentIndexChanged, this, &CorsAsk::endpointChosen);
    connect(pane_, &AskPane::addOriginRequested, this, [this](const QString& origin) {
        Q_EMIT addOriginRequested(origin);
        pane_->ask();
    });
    updateEndpoints();
}

void CorsAsk::setLists(const std::optional<CorsOrigins>& saved, const std::optional<CorsOrigins>& edited)
{
    pane_->setOrigins(saved);
    pane_->setRehearsal(saved && edited ? std::optional(browser::Rehearsal(*saved, *edited)) : std::nullopt);
}

void CorsAsk::setMayAdd(bool allowed, const QString& reason)
{
    pane_->setMayAdd(allowed, reason);
}

/// A list that says the same is left alone, so that an open popup does not jump.
void CorsAsk::updateEndpoints()
{
    const std::vector<EndpointView>& endpoints = session_.endpoints();
    QStringList ids, shown;
    for (const EndpointView& view : endpoints)
        ids << toQt(view.endpoint.id.text);
    for (int i = 0; i < endpoints_->count(); ++i)
        shown << endpoints_->itemData(i).toString();
    if (ids != shown) {
        const QString chosen = endpoints_->currentData().toString();
        const QSignalBlocker quiet(endpoints_);
        endpoints_->clear();
        for (const EndpointView& view : endpoints) {
            const QString id = toQt(view.endpoint.id.text);
            endpoints_->addItem(tr("%1 · %2", "output, endpoint").arg(toQt(view.outputName.text), id), id);
        }
        endpoints_->setCurrentIndex(std::max(endpoints_->findData(chosen), endpoints.empty() ? -1 : 0));
    }
    setAllowed(endpoints_, !endpoints.empty(), tr("There is no endpoint yet."));
    endpointChosen();
}

void CorsAsk::endpointChosen()
{
    const int index = endpoints_->currentIndex();
    if (index >= 0 && index < static_cast<int>(session_.endpoints().size()))
        pane_->setEndpoint(session_.endpoints()[static_cast<std::size_t>(index)]);
}

} // namespace iotman::ui
