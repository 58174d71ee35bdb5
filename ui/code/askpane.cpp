#include "ui/code/askpane.h"

#include "core/client/headexchange.h"
#include "core/client/text.h"
#include "core/codegen/requestcurl.h"
#include "ui/code/askview.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QVBoxLayout>

namespace iotman::ui {

using browser::Mend;
using browser::Report;
using browser::Verdict;
using client::toQt;

namespace {

enum As { NoToken, Member };
enum With { Fetch, EventSource, WebSocket };

/// RFC 6455 §4.1: 16 bytes of chance, and §4.2.2: what a server makes of them.
QByteArray webSocketKey()
{
    QByteArray bytes(16, Qt::Uninitialized);
    for (char& byte : bytes)
        byte = static_cast<char>(QRandomGenerator::global()->bounded(256));
    return bytes.toBase64();
}
QByteArray webSocketAccept(const QByteArray& key)
{
    return QCryptographicHash::hash(QByteArray(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"), QCryptographicHash::Sha1)
        .toBase64();
}

client::HttpRequest wireRequest(const browser::Request& request)
{
    client::HttpRequest wire{client::toBytes(request.method), QUrl(toQt(request.url)), {}, {}, 0};
    for (const auto& [name, value] : request.headers)
        wire.headers.emplaceBack(client::toBytes(name), client::toBytes(value));
    return wire;
}

browser::Answer answerFrom(const Expected<client::HttpAnswer>& result)
{
    if (!result)
        return {0, result.error().detail, {}};
    browser::Answer answer{result->status, result->reason.toStdString(), {}};
    for (const auto& [name, value] : result->headers)
        answer.headers.emplace_back(name.toStdString(), value.toStdString());
    return answer;
}

MessageLine::Kind kindOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Reads:
        return MessageLine::Kind::Success;
    case Verdict::SeesError:
        return MessageLine::Kind::Warning;
    case Verdict::Blocked:
    case Verdict::NoAnswer:
        break;
    }
    return MessageLine::Kind::Error;
}

} // namespace

AskPane::AskPane(client::Network& network, client::TokenSource& tokens, const QString& member, QWidget* parent)
    : QWidget(parent)
    , network_(network)
    , tokens_(tokens)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace, metrics::mediumSpace);
    rows->setSpacing(metrics::mediumSpace);
    rows->addWidget(form());
    rows->addWidget(answer(), 1);
    rows->addStretch();
    as_->addItem(tr("No token"), NoToken);
    as_->addItem(member, Member);
    clear();
}

QWidget* AskPane::form()
{
    auto* part = new QWidget(this);
    origin_ = new QLineEdit(part);
    origin_->setFont(monospaceFont());
    origin_->setText(QStringLiteral("http://localhost:3000"));
    origin_->setPlaceholderText(QStringLiteral("https://dash.example"));
    origin_->setAccessibleName(tr("Origin or address of the page"));
    auto* originLabel = new QLabel(tr("&Origin"), part);
    originLabel->setBuddy(origin_);
    with_ = new QComboBox(part);
    with_->addItem(QStringLiteral("fetch"), Fetch);
    with_->addItem(QStringLiteral("EventSource"), EventSource);
    with_->addItem(QStringLiteral("WebSocket"), WebSocket);
    with_->setAccessibleName(tr("With"));
    auto* withLabel = new QLabel(tr("W&ith"), part);
    withLabel->setBuddy(with_);
    as_ = new QComboBox(part);
    as_->setAccessibleName(tr("With whose token"));
    as_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    as_->setMinimumContentsLength(10);
    auto* asLabel = new QLabel(tr("A&s"), part);
    asLabel->setBuddy(as_);
    originError_ = new MessageLine(part);
    originError_->setTinted(false);
    originError_->hide();
    busy_ = new BusyRing(part);
    ask_ = new QPushButton(icon(u"browser"), tr("Ask"), part);
    ask_->setDefault(true);

    auto* grid = new QGridLayout(part);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(metrics::smallSpace);
    grid->setVerticalSpacing(metrics::smallSpace);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(3, 2);
    grid->addWidget(originLabel, 0, 0);
    grid->addWidget(origin_, 0, 1);
    grid->addWidget(withLabel, 0, 2);
    grid->addWidget(with_, 0, 3);
    grid->addWidget(asLabel, 1, 0);
    grid->addWidget(as_, 1, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(busy_);
    buttons->addWidget(ask_);
    grid->addLayout(buttons, 1, 2, 1, 2);
    grid->addWidget(originError_, 2, 0, 1, 4);
    connect(ask_, &QPushButton::clicked, this, &AskPane::ask);
    connect(origin_, &QLineEdit::returnPressed, this, &AskPane::ask);
    connect(origin_, &QLineEdit::textEdited, originError_, &QWidget::hide);
    return part;
}

QWidget* AskPane::answer()
{
    answer_ = new QWidget(this);
    verdict_ = new MessageLine(answer_);
    mend_ = new QPushButton(answer_);
    mendNote_ = new QLabel(answer_);
    mendNote_->setWordWrap(true);
    mendNote_->setFont(noteFont());
    mendNote_->setTextFormat(Qt::PlainText);
    mendNote_->setForegroundRole(QPalette::PlaceholderText);
    addError_ = new MessageLine(answer_);
    addError_->setTinted(false);
    addError_->hide();
    auto* title = new QLabel(tr("What happened, step by step"), answer_);
    title->setFont(headFont());
    summary_ = new QLabel(answer_);
    summary_->setFont(noteFont());
    summary_->setForegroundRole(QPalette::PlaceholderText);
    steps_ = new AskView;
    auto* scroll = new QScrollArea(answer_);
    scroll->setWidget(steps_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    steps_->setAutoFillBackground(false);
    sentNote_ = new QLabel(answer_);
    sentNote_->setFont(noteFont());
    sentNote_->setWordWrap(true);
    sentNote_->setForegroundRole(QPalette::PlaceholderText);
    copyReport_ = new QPushButton(icon(u"copy"), tr("Copy report"), answer_);
    copyCurl_ = new QPushButton(icon(u"code"), tr("Copy as curl"), answer_);
    makeSmall(copyReport_);
    makeSmall(copyCurl_);

    auto* mending = new QHBoxLayout;
    mending->setSpacing(metrics::smallSpace);
    mending->addWidget(mend_);
    mending->addWidget(mendNote_, 1);
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch();
    head->addWidget(summary_);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(metrics::smallSpace);
    foot->addWidget(sentNote_, 1);
    foot->addWidget(copyReport_);
    foot->addWidget(copyCurl_);
    auto* rows = new QVBoxLayout(answer_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(verdict_);
    rows->addLayout(mending);
    rows->addWidget(addError_);
    rows->addLayout(head);
    rows->addWidget(scroll, 1);
    rows->addLayout(foot);
    connect(mend_, &QPushButton::clicked, this, &AskPane::mend);
    connect(copyReport_, &QPushButton::clicked, this, [this] {
        if (report_)
            QApplication::clipboard()->setText(reportText(*report_));
    });
    connect(copyCurl_, &QPushButton::clicked, this, &AskPane::copyAsCurl);
    return answer_;
}

void AskPane::setEndpoint(const EndpointView& endpoint)
{
    const bool same = endpoint_ && endpoint_->endpoint.id == endpoint.endpoint.id && endpoint_->url == endpoint.url;
    endpoint_ = endpoint;
    if (same)
        return;
    clear();
    // What is guarded is usually asked with a token.
    as_->setCurrentIndex(endpoint.endpoint.requiredScope ? Member : NoToken);
    setAllowed(ask_, true, {});
}

void AskPane::setOrigins(const std::optional<CorsOrigins>& origins)
{
    origins_ = origins;
}

void AskPane::setRehearsal(const std::optional<browser::Rehearsal>& rehearsal)
{
    const bool same =
        rehearsal.has_value() == rehearsal_.has_value() && (!rehearsal || rehearsal->edited() == rehearsal_->edited());
    rehearsal_ = rehearsal;
    if (!same)
        clear();
}

void AskPane::setMayAdd(bool allowed, const QString& reason)
{
    mayAdd_ = allowed;
    mayNotAdd_ = reason;
    if (report_ && report_->mend && report_->mend->kind == Mend::Kind::AddOrigin)
        setAllowed(mend_, allowed, reason);
}

void AskPane::setOrigin(const QString& origin)
{
    origin_->setText(origin);
}

void AskPane::setWay(browser::Way way)
{
    with_->setCurrentIndex(way == browser::Way::EventSource ? EventSource : way == browser::Way::WebSocket ? WebSocket : Fetch);
    if (way == browser::Way::FetchWithToken)
        as_->setCurrentIndex(Member);
}

browser::Way AskPane::way() const
{
    switch (with_->currentData().toInt()) {
    case EventSource:
        return browser::Way::EventSource;
    case WebSocket:
        return browser::Way::WebSocket;
    default:
        return as_->currentData().toInt() == Member ? browser::Way::FetchWithToken : browser::Way::Fetch;
    }
}

void AskPane::clear()
{
    call_.cancel();
    busy_->stop();
    inquiry_.reset();
    report_.reset();
    answer_->hide();
    setAllowed(ask_, endpoint_.has_value(), tr("Choose an endpoint first."));
}

void AskPane::ask()
{
    if (!endpoint_)
        return;
    const Expected<browser::Page> page = browser::Page::parse(client::fromQt(origin_->text()));
    if (!page)
        return refuse(toQt(page.error().detail));
    if (way() == browser::Way::EventSource && endpoint_->eventsUrl.empty())
        return refuse(tr("This server has no events."));
    originError_->hide();
    call_.cancel();
    busy_->start(tr("Asking"));
    if (as_->currentData().toInt() == NoToken)
        return begin(*page, {});
    call_ = tokens_.token(this, [this, page](Expected<client::Token> token) {
        if (token)
            return begin(*page, QByteArray::fromStdString(token->text.reveal()));
        refuse(toQt(token.error().detail));
    });
}

/// What was answered before belongs to another question.
void AskPane::refuse(const QString& why)
{
    clear();
    originError_->setError(why);
}

void AskPane::begin(const browser::Page& page, const QByteArray& token)
{
    browser::Question question;
    question.page = page;
    question.way = way();
    question.url = question.way == browser::Way::EventSource ? endpoint_->eventsUrl
                   : question.way == browser::Way::WebSocket ? endpoint_->streamUrl
                                                             : endpoint_->url + "?limit=1";
    question.token = token.toStdString();
    const QByteArray key = webSocketKey();
    question.webSocketKey = key.toStdString();
    question.webSocketAccept = webSocketAccept(key).toStdString();
    question.list = rehearsal_ ? std::optional(rehearsal_->edited()) : origins_;
    inquiry_ = std::make_unique<browser::Inquiry>(std::move(question));
    sent_.clear();
    elapsed_ = {};
    step();
}

void AskPane::step()
{
    const std::optional<browser::Request>& request = inquiry_->next();
    if (!request)
        return show(inquiry_->report());
    const browser::Request real = rehearsal_ ? rehearsal_->sent(*request) : *request;
    sent_.push_back(real);
    call_ = client::askForHead(network_, wireRequest(real), this, [this](Expected<client::HttpAnswer> came) {
        if (came)
            elapsed_ += came->elapsed;
        const browser::Answer answer = answerFrom(came);
        inquiry_->answered(rehearsal_ ? rehearsal_->answerTo(*inquiry_->next(), answer) : answer);
        step();
    });
}

void AskPane::show(const Report& report)
{
    busy_->stop();
    report_ = report;
    verdict_->setMessage(kindOf(report.verdict), said(report.detail), said(report.headline));
    addError_->hide();
    mend_->setVisible(report.mend && (report.mend->kind == Mend::Kind::AddOrigin || report.mend->kind == Mend::Kind::SendToken));
    mendNote_->setVisible(report.mend.has_value());
    if (report.mend) {
        const bool adds = report.mend->kind == Mend::Kind::AddOrigin;
        mend_->setText(adds ? tr("Add %1").arg(toQt(report.mend->origin)) : tr("Ask with a token"));
        mend_->setIcon(icon(adds ? u"add" : u"lock"));
        setAllowed(mend_, !adds || mayAdd_, mayNotAdd_);
        mendNote_->setText(adds && !mayAdd_ ? mayNotAdd_
                           : adds           ? QString(said(report.mend->sentence) + u' ' +
                                                      (rehearsal_ ? tr("Added to the list, to be saved there.") : tr("Saved at once.")))
                                        .trimmed()
                                  : said(report.mend->sentence));
    }
    summary_->setText(tr("%Ln steps", nullptr, static_cast<int>(report.steps.size())) + QStringLiteral(" \u00b7 ") +
                      tr("%1 ms").arg(locale().toString(static_cast<qlonglong>(elapsed_.count()))));
    steps_->setSteps(report.steps);
    sentNote_->setText(rehearsal_ ? tr("Sent for real, and judged by the list as edited: what it changes is told as it will be "
                                       "once it is saved.")
                                  : tr("Sent for real, with the headers a browser sends."));
    setAllowed(copyCurl_, !sent_.empty(), tr("Nothing was sent."));
    answer_->show();
    Q_EMIT answered();
}

void AskPane::mend()
{
    if (!report_ || !report_->mend)
        return;
    if (report_->mend->kind == Mend::Kind::AddOrigin) {
        Q_EMIT addOriginRequested(toQt(report_->mend->origin));
    } else {
        as_->setCurrentIndex(Member);
        ask();
    }
}

void AskPane::showAddFailure(const QString& why)
{
    addError_->setError(why);
}

void AskPane::copyAsCurl()
{
    std::string lines;
    for (const browser::Request& request : sent_) {
        codegen::SentRequest sent{request.method, request.url, request.headers};
        // curl speaks no ws, but the upgrade is asked for by http.
        if (sent.url.compare(0, 2, "ws") == 0)
            sent.url.replace(0, 2, "http");
        lines += codegen::curlLine(sent) + "\n";
    }
    QApplication::clipboard()->setText(toQt(lines));
}

} // namespace iotman::ui
