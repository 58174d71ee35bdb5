#include "ui/pages/tryitpane.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"
#include "ui/look/busyring.h"
#include "ui/look/copybutton.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/jsontreemodel.h"
#include "ui/pages/tryittexts.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTreeView>
#include <QTreeWidget>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr std::size_t mostTextBytes = 1 << 20; // bytes that the text view takes without a pause
constexpr std::int64_t dayUs = 86'400LL * 1'000'000;

/// What the entries of “As” stand for; a client's has its id.
const QString noToken;
const QString ownToken = QStringLiteral(" own"); // no id begins with a blank

} // namespace

TryItPane::TryItPane(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace);
    rows->setSpacing(metrics::mediumSpace);
    rows->addWidget(requestForm());
    rows->addWidget(answerView(), 1);
    rows->addStretch();
    clearAnswer();
    update();
}

QWidget* TryItPane::requestForm()
{
    auto* form = new QWidget(this);
    const Timestamp now = session_.clock().now();
    from_ = new TimeField(tr("From"), {now.us - dayUs}, form);
    to_ = new TimeField(tr("To"), now, form);
    limit_ = new QSpinBox(form);
    limit_->setRange(1, mostLimit);
    limit_->setValue(defaultLimit);
    limit_->setAccessibleName(tr("Limit"));
    auto* limitLabel = new QLabel(tr("&Limit"), form);
    limitLabel->setBuddy(limit_);
    as_ = new QComboBox(form);
    as_->setAccessibleName(tr("As which client"));
    as_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    as_->setMinimumContentsLength(10);
    as_->addItem(tr("No token"), noToken);
    if (session_.dataTokens())
        as_->addItem(session_.email(), ownToken);
    // An endpoint of a connection by URL is mostly not public where there is a client for it.
    if (!session_.hasWorkspace() && session_.dataTokens())
        as_->setCurrentIndex(1);
    connect(&session_, &Session::listsChanged, this, &TryItPane::fillAs);
    connect(&session_, &Session::roleChanged, this, &TryItPane::fillAs);
    auto* asLabel = new QLabel(tr("&As"), form);
    asLabel->setBuddy(as_);
    form_ = new QComboBox(form);
    form_->setAccessibleName(tr("How times are entered"));
    form_->addItem(tr("Date and time"));
    form_->addItem(tr("Unix seconds"));
    makeSmall(form_);
    range_ = new QLabel(form);
    range_->setFont(noteFont());
    range_->setTextFormat(Qt::PlainText);
    range_->setForegroundRole(QPalette::PlaceholderText);
    rangeError_ = new MessageLine(form);
    rangeError_->setTinted(false);
    rangeError_->hide();
    busy_ = new BusyRing(form);
    cancel_ = new QPushButton(tr("Cancel"), form);
    cancel_->setAutoDefault(false);
    cancel_->hide();
    late_.setSingleShot(true);
    connect(&late_, &QTimer::timeout, cancel_, &QWidget::show);
    connect(cancel_, &QPushButton::clicked, this, [this] {
        call_.cancel();
        waited();
        send_->setFocus();
    });
    send_ = new QPushButton(icon(u"send", &Extras::accentText), tr("Send"), form);
    send_->setDefault(true);

    const int label = std::max(from_->labelWidth(), to_->labelWidth());
    from_->setLabelWidth(label);
    to_->setLabelWidth(label);
    auto* grid = new QGridLayout(form);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(metrics::smallSpace);
    grid->setVerticalSpacing(metrics::smallSpace);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(2, 2);
    grid->addWidget(from_, 0, 0);
    grid->addWidget(limitLabel, 0, 1);
    grid->addWidget(limit_, 0, 2);
    grid->addWidget(to_, 1, 0);
    grid->addWidget(asLabel, 1, 1);
    grid->addWidget(as_, 1, 2);
    auto* notes = new QVBoxLayout;
    notes->setSpacing(metrics::tinySpace);
    notes->addWidget(form_, 0, Qt::AlignLeft);
    notes->addWidget(range_);
    notes->addWidget(rangeError_);
    grid->addLayout(notes, 2, 0);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(busy_);
    buttons->addWidget(cancel_);
    buttons->addWidget(send_);
    grid->addLayout(buttons, 2, 1, 1, 2, Qt::AlignBottom);

    connect(from_, &TimeField::changed, this, &TryItPane::update);
    connect(to_, &TimeField::changed, this, &TryItPane::update);
    connect(form_, &QComboBox::currentIndexChanged, this, [this](int index) {
        for (TimeField* field : {from_, to_})
            field->setForm(index == 0 ? TimeForm::Calendar : TimeForm::Unix);
        update();
    });
    connect(send_, &QPushButton::clicked, this, &TryItPane::send);
    return form;
}

QWidget* TryItPane::answerView()
{
    answer_ = new QWidget(this);
    status_ = new MessageLine(answer_);
    status_->setTinted(false);
    details_ = new QLabel(answer_);
    details_->setTextFormat(Qt::PlainText);
    count_ = new QLabel(answer_);
    count_->setFont(headFont());
    nextPage_ = new QPushButton(icon(u"right"), tr("Next page"), answer_);
    nextPage_->setLayoutDirection(layoutDirection() == Qt::LeftToRight ? Qt::RightToLeft : Qt::LeftToRight);
    makeSmall(nextPage_);

    treeModel_ = new JsonTreeModel(this);
    tree_ = new QTreeView(answer_);
    tree_->setModel(treeModel_);
    tree_->setAccessibleName(tr("Answer as a tree"));
    tree_->setUniformRowHeights(true);
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(JsonTreeModel::Value, QHeaderView::Stretch);
    tree_->header()->resizeSection(JsonTreeModel::Key, 112);
    tree_->header()->resizeSection(JsonTreeModel::Type, 62);

    auto* textTab = new QWidget(answer_);
    text_ = new QPlainTextEdit(textTab);
    text_->setReadOnly(true);
    text_->setFont(monospaceFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setAccessibleName(tr("Answer as text"));
    text_->setTabChangesFocus(true);
    textNote_ = new QLabel(textTab);
    textNote_->setFont(noteFont());
    textNote_->setForegroundRole(QPalette::PlaceholderText);
    copyText_ = new CopyButton(tr("Copy the whole answer"), textTab);
    auto* textFoot = new QHBoxLayout;
    textFoot->addWidget(textNote_, 1);
    textFoot->addWidget(copyText_);
    auto* textRows = new QVBoxLayout(textTab);
    textRows->setContentsMargins(0, 0, 0, 0);
    textRows->setSpacing(metrics::tinySpace);
    textRows->addWidget(text_, 1);
    textRows->addLayout(textFoot);

    headers_ = new QTreeWidget(answer_);
    headers_->setColumnCount(2);
    headers_->setHeaderLabels({tr("Header"), tr("Value")});
    headers_->setRootIsDecorated(false);
    headers_->setAccessibleName(tr("Headers of the answer"));
    headers_->header()->resizeSection(0, 180);

    tabs_ = new QTabWidget(answer_);
    tabs_->addTab(tree_, tr("Tree"));
    tabs_->addTab(textTab, tr("Text"));
    tabs_->addTab(headers_, tr("Headers"));

    auto* top = new QHBoxLayout;
    top->addWidget(status_);
    top->addWidget(details_, 1);
    auto* second = new QHBoxLayout;
    second->addWidget(count_, 1);
    second->addWidget(nextPage_);
    auto* rows = new QVBoxLayout(answer_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(top);
    rows->addLayout(second);
    rows->addWidget(tabs_, 1);

    connect(nextPage_, &QPushButton::clicked, this, [this] {
        if (next_)
            ask(*next_, before_ + shown_);
    });
    return answer_;
}

void TryItPane::setEndpoint(const EndpointView& endpoint)
{
    const bool same = endpoint_ && endpoint_->endpoint.id == endpoint.endpoint.id;
    endpoint_ = endpoint;
    if (!same)
        clearAnswer();
    update();
}

/// Who may mint tokens can ask as any client that may have one.
void TryItPane::fillAs()
{
    QStringList ids;
    if (session_.role() && may(*session_.role(), Action::MintTokens)) {
        for (const ClientView& view : session_.clients()) {
            if (view.client.enabled)
                ids << toQt(view.client.id.text);
        }
    }
    const int fixed = session_.dataTokens() ? 2 : 1;
    QStringList shown;
    for (int i = fixed; i < as_->count(); ++i)
        shown << as_->itemData(i).toString();
    if (ids == shown)
        return;
    const QString chosen = as_->currentData().toString();
    while (as_->count() > fixed)
        as_->removeItem(fixed);
    for (const QString& id : ids)
        as_->addItem(icon(u"access"), id, id);
    as_->setCurrentIndex(std::max(as_->findData(chosen), 0));
}

void TryItPane::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    from_->setZone(zone);
    to_->setZone(zone);
    treeModel_->setZone(zone);
    update();
}

void TryItPane::update()
{
    const QString wrong = !from_->error().isEmpty() ? from_->error() : to_->error();
    range_->setText(rangeText(from_->time(), to_->time()) + u'\n' +
                    zoneText(zone_, from_->time().value_or(session_.clock().now())));
    const QString empty = rangeError(from_->time(), to_->time());
    rangeError_->setError(wrong.isEmpty() ? empty : wrong);
    setAllowed(send_, endpoint_ && wrong.isEmpty(), endpoint_ ? wrong : tr("Choose an endpoint first."));
}

void TryItPane::clearAnswer()
{
    call_.cancel();
    waited();
    next_.reset();
    answer_->hide();
}

void TryItPane::send()
{
    if (!endpoint_ || !send_->isEnabled())
        return;
    call_.cancel();
    const QString as = as_->currentData().toString();
    if (as == noToken)
        begin(nullptr);
    else if (as == ownToken)
        begin(session_.dataTokens());
    else
        mint(ClientId{client::fromQt(as)});
}

void TryItPane::wait(const QString& what)
{
    busy_->start(what);
    late_.start(std::chrono::seconds(1));
}

void TryItPane::waited()
{
    busy_->stop();
    late_.stop();
    cancel_->hide();
}

/// A token without the client's secret: for admins, and in the audit log.
void TryItPane::mint(const ClientId& id)
{
    wait(tr("Waiting for the client’s token"));
    call_ = session_.management().mintToken(id, this, [this](Expected<client::MintedToken> minted) {
        waited();
        if (!minted) {
            showFailure(minted.error());
            Q_EMIT answered();
            return;
        }
        reader_.reset();
        minted_ = std::make_unique<client::TokenSource>(session_.network(), session_.clock(), client::Credentials());
        minted_->adopt({minted->text, session_.clock().now(), minted->expiresAt});
        begin(minted_.get());
    });
}

void TryItPane::begin(client::TokenSource* tokens)
{
    reader_ = std::make_unique<client::PageReader>(session_.network(), tokens, session_.addressOf(*endpoint_));
    ask(client::PageLink::first(reader_->address(), {from_->time(), to_->time(), limit_->value()}), 0);
}

void TryItPane::ask(const client::PageLink& link, std::size_t before)
{
    call_.cancel();
    wait(tr("Waiting for the answer"));
    call_ = reader_->read(link, this, [this, before](Expected<client::PageAnswer> answer) {
        waited();
        before_ = before;
        if (answer)
            show(*answer);
        else
            showFailure(answer.error());
        Q_EMIT answered();
    });
}

void TryItPane::show(const client::PageAnswer& answer)
{
    const bool good = answer.raw.isSuccess();
    status_->setMessage(good ? MessageLine::Kind::Success : MessageLine::Kind::Error, statusText(answer.raw));
    details_->setText(answerText(answer.raw, locale()));
    details_->show();
    next_.reset();
    shown_ = answer.page ? answer.page->items.size() : 0;
    QString why = tr("This is the last page.");
    if (!answer.page) {
        count_->setText(errorText(answer.page.error()));
        why = tr("There is no page.");
    } else {
        count_->setText(pageText(*answer.page, before_));
        if (answer.page->next && *answer.page->next)
            next_ = **answer.page->next;
        else if (answer.page->next)
            why = errorText(answer.page->next->error());
    }
    count_->setWordWrap(!answer.page);
    setAllowed(nextPage_, next_.has_value(), why);

    treeModel_->setText(answer.raw.body);
    tree_->expandToDepth(0);
    tree_->expand(treeModel_->index(0, 0, treeModel_->index(0, 0)));
    const std::string pretty = indented(client::view(answer.raw.body), mostTextBytes);
    text_->setPlainText(toQt(pretty));
    textNote_->setText(pretty.size() >= mostTextBytes ? tr("The beginning. Copy takes the whole answer.")
                                                      : tr("Line breaks added; every value as it came."));
    copyText_->setCopyText(QString::fromUtf8(answer.raw.body));
    showHeaders(answer.raw.headers);
    tabs_->show();
    answer_->show();
}

void TryItPane::showFailure(const Error& error)
{
    status_->setMessage(MessageLine::Kind::Error, errorText(error));
    details_->hide();
    count_->clear();
    next_.reset();
    setAllowed(nextPage_, false, tr("There is no page."));
    tabs_->hide();
    answer_->show();
}

void TryItPane::showHeaders(const client::Headers& headers)
{
    headers_->clear();
    for (const auto& [name, value] : headers)
        new QTreeWidgetItem(headers_, {QString::fromLatin1(name), QString::fromLatin1(value)});
    tabs_->setTabText(2, tr("Headers (%1)").arg(headers.size()));
}

} // namespace iotman::ui
