#include "ui/pages/endpointdialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/createdpage.h"
#include "ui/pages/jsontreemodel.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/scopecombo.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

QLabel* headLabel(const QString& text, QWidget* buddy, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setBuddy(buddy);
    return label;
}

} // namespace

EndpointDialog::EndpointDialog(Session& session, const QTimeZone& zone, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , zone_(zone)
    , stack_(new QStackedWidget(this))
    , createdPage_(new CreatedPage(this))
{
    setWindowTitle(tr("New endpoint"));
    auto* form = new QWidget(this);
    auto* columns = new QHBoxLayout;
    columns->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::mediumSpace);
    columns->setSpacing(20);
    columns->addWidget(formColumn(), 1);
    columns->addWidget(itemColumn(), 1);
    auto* rows = new QVBoxLayout(form);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(columns, 1);
    rows->addWidget(footer());
    stack_->addWidget(form);
    stack_->addWidget(createdPage_);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(stack_);
    resize(780, 420);

    connect(outputs_, &QComboBox::currentIndexChanged, this, &EndpointDialog::outputChosen);
    connect(scopes_, &QComboBox::currentIndexChanged, this, &EndpointDialog::update);
    connect(id_, &QLineEdit::textChanged, this, &EndpointDialog::update);
    connect(create_, &QPushButton::clicked, this, &EndpointDialog::create);
    connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
    connect(createdPage_, &CreatedPage::done, this, &QDialog::accept);
    connect(createdPage_, &CreatedPage::openInMonitor, this, [this] {
        accept();
        Q_EMIT openInMonitor(*createdPage_->endpoint());
    });
    connect(&session_, &Session::listsChanged, this, [this] {
        fillOutputs();
        scopes_->setScopes(session_.scopes());
        update();
    });
    connect(&session_, &Session::roleChanged, this, &EndpointDialog::update);
    connect(&session_, &Session::stateChanged, this, &EndpointDialog::update);
    fillOutputs();
    scopes_->setScopes(session_.scopes());
    outputChosen();
    outputs_->setFocus();
}

QWidget* EndpointDialog::formColumn()
{
    auto* column = new QWidget(this);
    outputs_ = new QComboBox(column);
    outputs_->setAccessibleName(tr("Output"));
    outputs_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    outputs_->setMinimumContentsLength(24);
    outputNote_ = noteLabel({}, column);
    rule_ = noteLabel({}, column);
    rule_->setFont(monospaceFont());
    rule_->setAccessibleName(tr("Rule of the output"));
    rule_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    scopes_ = new ScopeCombo(column);
    scopeNote_ = noteLabel({}, column);
    id_ = new QLineEdit(column);
    id_->setAccessibleName(tr("Id"));
    id_->setFont(monospaceFont());
    id_->setMaxLength(64);
    id_->setPlaceholderText(tr("made by the server"));
    idError_ = new MessageLine(column);
    idError_->setTinted(false);
    idError_->hide();
    error_ = new MessageLine(column);
    error_->hide();

    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::tinySpace);
    rows->addWidget(headLabel(tr("&Output"), outputs_, column));
    rows->addWidget(outputs_);
    rows->addWidget(outputNote_);
    rows->addWidget(rule_);
    rows->addSpacing(metrics::mediumSpace);
    rows->addWidget(headLabel(tr("Required &scope"), scopes_, column));
    rows->addWidget(scopes_);
    rows->addWidget(scopeNote_);
    rows->addSpacing(metrics::mediumSpace);
    rows->addWidget(headLabel(tr("&Id, the last part of the URL (optional)"), id_, column));
    rows->addWidget(id_);
    rows->addWidget(idError_);
    rows->addStretch();
    rows->addWidget(error_);
    return column;
}

QWidget* EndpointDialog::itemColumn()
{
    auto* column = new QWidget(this);
    auto* title = new QLabel(tr("Latest item"), column);
    title->setFont(headFont());
    latestAt_ = noteLabel({}, column);
    latestAt_->setWordWrap(false);
    busy_ = new BusyRing(column);
    itemModel_ = new JsonTreeModel(this);
    itemModel_->setZone(zone_);
    item_ = new QTreeView(column);
    item_->setModel(itemModel_);
    item_->setAccessibleName(tr("Latest item of the output"));
    item_->setUniformRowHeights(true);
    item_->header()->setStretchLastSection(false);
    item_->header()->setSectionResizeMode(JsonTreeModel::Value, QHeaderView::Stretch);
    item_->header()->resizeSection(JsonTreeModel::Key, 92);
    item_->header()->resizeSection(JsonTreeModel::Type, 64);
    itemNote_ = noteLabel({}, column);

    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch();
    head->addWidget(busy_);
    head->addWidget(latestAt_);
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(item_, 1);
    rows->addWidget(itemNote_);
    return column;
}

QWidget* EndpointDialog::footer()
{
    auto* footer = new QWidget(this);
    reason_ = new ReasonLine(footer);
    cancel_ = new QPushButton(tr("Cancel"), footer);
    create_ = new QPushButton(tr("Create endpoint"), footer);
    create_->setDefault(true);
    auto* buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(metrics::dialogMargin, metrics::mediumSpace, metrics::dialogMargin, metrics::dialogMargin);
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(reason_, 1);
    buttons->addStretch();
    buttons->addWidget(cancel_);
    buttons->addWidget(create_);
    return footer;
}

ReadingContext EndpointDialog::context() const
{
    return {session_.clock().now(), zone_, locale()};
}

/// Keeps what was chosen; a list that says the same is left alone, so that an open popup does not jump.
void EndpointDialog::fillOutputs()
{
    QStringList ids;
    for (const OutputView& view : session_.outputs())
        ids << toQt(view.output.id.text);
    QStringList shown;
    for (int i = 0; i < outputs_->count(); ++i)
        shown << outputs_->itemData(i).toString();
    if (ids == shown)
        return;
    const QString chosen = outputs_->currentData().toString();
    {
        const QSignalBlocker quiet(outputs_);
        outputs_->clear();
        for (const OutputView& view : session_.outputs())
            outputs_->addItem(toQt(view.output.name.text), toQt(view.output.id.text));
        outputs_->setCurrentIndex(std::max(outputs_->findData(chosen), outputs_->count() > 0 ? 0 : -1));
    }
    if (outputs_->currentData().toString() != chosen)
        outputChosen();
}

const OutputView* EndpointDialog::output() const
{
    const std::string id = fromQt(outputs_->currentData().toString());
    for (const OutputView& view : session_.outputs()) {
        if (view.output.id.text == id)
            return &view;
    }
    return nullptr;
}

void EndpointDialog::outputChosen()
{
    update();
    itemModel_->setText({});
    latestAt_->clear();
    const OutputView* chosen = output();
    rule_->setText(chosen ? toQt(chosen->output.rule) : QString());
    if (!chosen) {
        itemNote_->setText(tr("There is no output yet. An endpoint serves the items of one."));
        return;
    }
    itemNote_->setText(itemsText(*chosen, context()));
    if (!session_.servedBy(chosen->output.id)) {
        itemNote_->setText(itemsText(*chosen, context()) + u' ' + tr("They can be looked at once an endpoint serves them."));
        busy_->stop();
        return;
    }
    busy_->start(tr("Loading the latest item"));
    session_.latestItem(chosen->output.id, this, [this, id = chosen->output.id](Expected<std::optional<client::Item>> item) {
        if (output() && output()->output.id == id)
            showLatest(item);
    });
}

void EndpointDialog::showLatest(const Expected<std::optional<client::Item>>& item)
{
    busy_->stop();
    if (!item) {
        itemNote_->setText(tr("The latest item could not be read: %1").arg(errorText(item.error())));
        return;
    }
    if (!*item)
        return;
    itemModel_->setText(client::toBytes((*item)->json));
    if ((*item)->time) {
        const QString moment = momentWord((*item)->time, context());
        const QString ago = agoWord(*(*item)->time, context());
        latestAt_->setText(moment == ago ? moment : tr("%1 · %2", "time, how long ago").arg(moment, ago));
    }
}

EndpointFields EndpointDialog::fields() const
{
    const OutputView* chosen = output();
    return {chosen ? std::optional(chosen->output.id) : std::nullopt, scopes_->scope(), id_->text()};
}

void EndpointDialog::update()
{
    const Permit permit = session_.permit(Action::WriteEndpoints);
    const EndpointCheck check = checkEndpoint(fields(), session_.endpoints(), session_.scopes());
    outputNote_->setText(check.outputNote);
    scopeNote_->setText(check.scopeNote);
    idError_->setError(check.idError);
    setFaulty(id_, !check.idError.isEmpty());
    reason_->setPermit(permit);
    for (QWidget* field : {static_cast<QWidget*>(outputs_), static_cast<QWidget*>(scopes_), static_cast<QWidget*>(id_)})
        setAllowed(field, permit.allowed && !creating_, permit.allowed ? tr("The endpoint is being created.") : permit.reason);
    const QString why = !permit.allowed            ? permit.reason
                        : creating_                ? tr("The endpoint is being created.")
                        : !check.idError.isEmpty() ? check.idError
                                                   : tr("Choose an output first.");
    setAllowed(create_, permit.allowed && !creating_ && check.draft, why);
    cancel_->setText(permit.allowed ? tr("Cancel") : tr("Close"));
}

void EndpointDialog::create()
{
    const EndpointCheck check = checkEndpoint(fields(), session_.endpoints(), session_.scopes());
    if (!check.draft || creating_)
        return;
    creating_ = true;
    error_->hide();
    update();
    session_.createEndpoint(*check.draft, this, [this](Expected<EndpointView> made) { answered(std::move(made)); });
}

void EndpointDialog::answered(Expected<EndpointView> made)
{
    creating_ = false;
    if (!made) {
        update();
        if (made.error().field == "id") {
            idError_->setError(errorText(made.error()));
            setFaulty(id_, true);
            id_->setFocus();
        } else {
            error_->setMessage(MessageLine::Kind::Error, errorText(made.error()), tr("The endpoint was not created."));
            error_->show();
        }
        return;
    }
    createdPage_->setEndpoint(*made);
    stack_->setCurrentWidget(createdPage_);
    setWindowTitle(tr("Endpoint created"));
    createdPage_->focusFirst();
    Q_EMIT created(*made);
}

} // namespace iotman::ui
