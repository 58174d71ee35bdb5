#include "ui/pages/accessdialog.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/endpointtexts.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/scopecombo.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

AccessDialog::AccessDialog(Session& session, const std::vector<EndpointView>& endpoints, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , endpoints_(endpoints)
    , combo_(new ScopeCombo(this))
    , note_(new QLabel(this))
    , reason_(new ReasonLine(this))
    , change_(new QPushButton(tr("Change access"), this))
{
    setWindowTitle(tr("Change access"));
    const int count = static_cast<int>(endpoints.size());
    auto* title =
        new QLabel(count == 1 ? tr("Who may read the endpoint of “%1”?").arg(client::toQt(endpoints.front().outputName.text))
                              : tr("Who may read these %Ln endpoints?", nullptr, count),
                   this);
    title->setFont(headFont());
    title->setTextFormat(Qt::PlainText);
    auto* label = new QLabel(tr("Required &scope"), this);
    label->setBuddy(combo_);
    note_->setWordWrap(true);
    note_->setTextFormat(Qt::PlainText);
    note_->setFont(noteFont());
    note_->setForegroundRole(QPalette::PlaceholderText);
    note_->setMinimumWidth(380);
    combo_->setScopes(session.scopes());
    combo_->setScope(endpoints.front().endpoint.requiredScope);

    auto* cancel = new QPushButton(tr("Cancel"), this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(reason_, 1);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(change_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(title);
    column->addSpacing(metrics::tinySpace);
    column->addWidget(label);
    column->addWidget(combo_);
    column->addWidget(note_);
    column->addSpacing(metrics::smallSpace);
    column->addLayout(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);

    change_->setDefault(true);
    connect(change_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(combo_, &QComboBox::currentIndexChanged, this, &AccessDialog::update);
    connect(&session, &Session::roleChanged, this, &AccessDialog::update);
    connect(&session, &Session::stateChanged, this, &AccessDialog::update);
    update();
    combo_->setFocus();
}

std::optional<ScopeName> AccessDialog::scope() const
{
    return combo_->scope();
}

void AccessDialog::update()
{
    note_->setText(readersText(scope(), session_.scopes()) + u' ' + tr("Open streams are closed; their readers connect again."));
    const Permit permit = session_.permit(Action::WriteEndpoints);
    reason_->setPermit(permit);
    setAllowed(combo_, permit.allowed, permit.reason);
    const bool same = std::all_of(endpoints_.begin(), endpoints_.end(),
                                  [this](const EndpointView& view) { return view.endpoint.requiredScope == scope(); });
    setAllowed(change_, permit.allowed && !same, permit.allowed ? tr("Nothing would change.") : permit.reason);
}

} // namespace iotman::ui
