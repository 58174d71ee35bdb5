#include "ui/workspace/contractdialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/tabledelegate.h"
#include "ui/pages/words.h"
#include "ui/workspace/contractdetails.h"
#include "ui/workspace/saving.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr QSize usualContractSize(980, 760);
constexpr int mostPause = 5000; // ms

QString hostOf(const std::string& endpoint)
{
    return client::authorityText(QUrl(toQt(endpoint)));
}

} // namespace

ContractDialog::ContractDialog(ContractWorld world, const QStringList& endpoints, QWidget* parent)
    : QDialog(parent)
    , world_(std::move(world))
    , network_(world_.network)
    , url_(new QComboBox(this))
    , urlError_(new MessageLine(this))
    , beside_(new QComboBox(this))
    , other_(new QLineEdit(this))
    , otherError_(new MessageLine(this))
    , client_(new QLineEdit(this))
    , secret_(new QLineEdit(this))
    , tokenUrl_(new QLineEdit(this))
    , clientError_(new MessageLine(this))
    , pause_(new QSpinBox(this))
    , start_(new QPushButton(icon(u"play"), tr("&Start"), this))
    , cancel_(new QPushButton(tr("Cancel"), this))
    , ring_(new BusyRing(this))
    , progress_(new QProgressBar(this))
    , message_(new MessageLine(this))
    , model_(new RowsModel(findingColumns(), this))
    , table_(new QTableView(this))
    , details_(new ContractDetails(this))
    , summary_(new QLabel(this))
    , copy_(new QPushButton(icon(u"copy"), tr("&Copy as text"), this))
    , save_(new QPushButton(icon(u"save"), tr("Save as &JUnit\u2026"), this))
    , close_(new QPushButton(tr("Close"), this))
{
    setWindowTitle(tr("Contract lab"));
    url_->addItems(endpoints);
    arrange();
    for (QLineEdit* edit : {url_->lineEdit(), other_, client_, secret_, tokenUrl_})
        connect(edit, &QLineEdit::textChanged, this, &ContractDialog::update);
    connect(beside_, &QComboBox::currentIndexChanged, this, &ContractDialog::update);
    connect(start_, &QPushButton::clicked, this, &ContractDialog::begin);
    connect(cancel_, &QPushButton::clicked, this, &ContractDialog::cancel);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ContractDialog::showChosen);
    connect(copy_, &QPushButton::clicked, this, &ContractDialog::copy);
    connect(save_, &QPushButton::clicked, this, &ContractDialog::save);
    connect(close_, &QPushButton::clicked, this, &QDialog::reject);
    update();
    showChosen();
}

ContractDialog::~ContractDialog()
{
    cancel(); // and nobody waits for a server to end
}

QLayout* ContractDialog::form()
{
    url_->setEditable(true);
    url_->setInsertPolicy(QComboBox::NoInsert);
    url_->setFont(monospaceFont());
    url_->lineEdit()->setPlaceholderText(QStringLiteral("https://host/data/out/ID"));
    url_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    beside_->addItem(icon(u"computer"), tr("This program’s own server, in memory"));
    beside_->addItem(icon(u"link"), tr("Another endpoint"));
    other_->setFont(monospaceFont());
    other_->setPlaceholderText(QStringLiteral("https://host/data/out/ID"));
    secret_->setEchoMode(QLineEdit::Password);
    tokenUrl_->setFont(monospaceFont());
    pause_->setRange(0, mostPause);
    pause_->setSingleStep(50);
    pause_->setValue(ContractFields().pause);
    pause_->setSuffix(tr(" ms"));
    pause_->setToolTip(tr("Between two requests, so that nobody is bothered"));
    for (MessageLine* line : {urlError_, otherError_, clientError_}) {
        line->setTinted(false);
        line->hide();
    }
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::smallSpace);
    grid->setVerticalSpacing(metrics::tinySpace);
    const auto place = [&](const QString& text, QWidget* field, int row, int column, int span = 1) {
        auto* label = new QLabel(text, this);
        label->setBuddy(field);
        field->setAccessibleName(QString(text).remove(u'&'));
        grid->addWidget(label, row, column);
        grid->addWidget(field, row, column + 1, 1, span);
    };
    place(tr("&Endpoint"), url_, 0, 0, 5);
    grid->addWidget(urlError_, 1, 1, 1, 5);
    place(tr("Compared &with"), beside_, 2, 0);
    place(tr("&Address"), other_, 2, 2, 3);
    grid->addWidget(otherError_, 3, 3, 1, 3);
    place(tr("C&lient (optional)"), client_, 4, 0);
    place(tr("Sec&ret"), secret_, 4, 2, 3);
    place(tr("&Token address"), tokenUrl_, 5, 0, 3);
    place(tr("&Pause"), pause_, 5, 4);
    grid->addWidget(clientError_, 6, 1, 1, 5);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    return grid;
}

void ContractDialog::arrange()
{
    message_->hide();
    progress_->setTextVisible(false);
    progress_->setFixedHeight(metrics::tinySpace);
    progress_->setAccessibleName(tr("Questions asked"));
    TableDelegate* delegate = prepareTable(table_, RowSize::Dense);
    table_->setModel(model_);
    table_->setAccessibleName(tr("Findings"));
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    for (int column = 0; column < static_cast<int>(model_->columns().size()); ++column) {
        delegate->setCellKind(column, model_->columns()[static_cast<std::size_t>(column)].kind);
        table_->setColumnWidth(column, model_->columns()[static_cast<std::size_t>(column)].width);
    }
    table_->horizontalHeader()->setStretchLastSection(true);
    summary_->setForegroundRole(QPalette::PlaceholderText);
    start_->setDefault(true);
    for (QPushButton* button : {cancel_, copy_, save_, close_})
        button->setAutoDefault(false);

    auto* starting = new QHBoxLayout;
    starting->setSpacing(metrics::smallSpace);
    starting->addWidget(start_);
    starting->addWidget(cancel_);
    starting->addWidget(ring_);
    starting->addWidget(progress_, 1);
    starting->addWidget(summary_);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->setChildrenCollapsible(false);
    parts->addWidget(table_);
    parts->addWidget(details_);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(copy_);
    buttons->addWidget(save_);
    buttons->addWidget(close_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(form());
    column->addLayout(starting);
    column->addWidget(message_);
    column->addWidget(parts, 1);
    column->addLayout(buttons);
    resize(usualContractSize);
}

ContractFields ContractDialog::fields() const
{
    return {
        url_->currentText(), beside_->currentIndex() == 1, other_->text(), client_->text(), secret_->text(), tokenUrl_->text(),
        pause_->value()};
}

void ContractDialog::setFields(const ContractFields& fields)
{
    url_->setCurrentText(fields.url);
    beside_->setCurrentIndex(fields.besideAnother ? 1 : 0);
    other_->setText(fields.otherUrl);
    client_->setText(fields.client);
    secret_->setText(fields.secret);
    tokenUrl_->setText(fields.tokenUrl);
    pause_->setValue(fields.pause);
}

void ContractDialog::begin()
{
    const ContractCheck check = checkContract(fields());
    if (running_ || !check.plan)
        return;
    plan_ = check.plan;
    findings_.clear();
    model_->setRows({});
    message_->hide();
    running_ = true;
    progress_->setRange(0, 0);
    ring_->start(tr("Asking"));
    showChosen();
    update();
    if (plan_->there.credentials.id.isEmpty())
        findHere();
    else
        signIn();
}

void ContractDialog::signIn()
{
    tokens_ = std::make_unique<client::TokenSource>(network_, world_.clock, plan_->there.credentials);
    tokens_->token(this, [this](const Expected<client::Token>& token) {
        if (!running_)
            return;
        if (!token)
            return failed(tr("The client was given no token."), errorText(token.error()));
        plan_->there.token = token->text;
        findHere();
    });
}

void ContractDialog::findHere()
{
    if (plan_->here)
        return compare(*plan_->here);
    here_ = world_.here(plan_->there.token.isEmpty() ? lab::Access::Public : lab::Access::Restricted);
    connect(here_.get(), &lab::Here::ready, this, &ContractDialog::compare);
    connect(here_.get(), &lab::Here::failed, this, [this](const Error& error) {
        if (running_)
            failed(tr("The server to compare with did not start."), errorText(error));
    });
    here_->start();
}

void ContractDialog::compare(const lab::Side& here)
{
    if (!running_)
        return;
    const lab::Manners manners = plan_->here ? plan_->manners : lab::Manners{std::chrono::milliseconds(0)};
    comparison_ = std::make_unique<lab::Comparison>(network_, plan_->there, plan_->manners, here, manners);
    connect(comparison_.get(), &lab::Comparison::found, this, &ContractDialog::took);
    connect(comparison_.get(), &lab::Comparison::finished, this, &ContractDialog::ended);
    progress_->setRange(0, comparison_->total());
    progress_->setValue(0);
    details_->setNames(hostOf(plan_->there.endpoint), plan_->here ? hostOf(here.endpoint) : tr("this program’s own server"));
    comparison_->start();
}

void ContractDialog::took(const lab::Finding& finding)
{
    findings_.push_back(finding);
    model_->setRows(findingRows(findings_));
    progress_->setValue(static_cast<int>(findings_.size()));
    update();
}

void ContractDialog::ended()
{
    cancel();
    if (table_->selectionModel()->hasSelection() || findings_.empty())
        return;
    // What one looks for comes first.
    const auto different = std::find_if(findings_.begin(), findings_.end(),
                                        [](const lab::Finding& finding) { return finding.verdict() == lab::Verdict::Different; });
    table_->selectRow(different == findings_.end() ? 0 : static_cast<int>(different - findings_.begin()));
}

/// What was found stays in sight.
void ContractDialog::cancel()
{
    running_ = false;
    // Both may be telling something right now.
    if (comparison_) {
        comparison_->cancel();
        comparison_.release()->deleteLater();
    }
    if (here_) {
        here_->disconnect(this);
        here_.release()->leave();
    }
    tokens_.reset();
    ring_->stop();
    progress_->setRange(0, std::max(1, progress_->maximum()));
    update();
}

void ContractDialog::failed(const QString& lead, const QString& sentence)
{
    cancel();
    message_->setMessage(MessageLine::Kind::Error, sentence, lead);
    message_->show();
}

void ContractDialog::showChosen()
{
    const int row = table_->currentIndex().row();
    const bool some = row >= 0 && row < static_cast<int>(findings_.size());
    details_->setFinding(some ? std::optional(findings_[static_cast<std::size_t>(row)]) : std::nullopt);
}

void ContractDialog::update()
{
    const ContractCheck check = checkContract(fields());
    urlError_->setError(check.urlError);
    otherError_->setError(check.otherError);
    clientError_->setError(check.clientError);
    setFaulty(url_, !check.urlError.isEmpty());
    setFaulty(other_, !check.otherError.isEmpty());
    setFaulty(client_, !check.clientError.isEmpty());
    const QUrl page(url_->currentText().trimmed());
    tokenUrl_->setPlaceholderText(page.isValid() && !page.host().isEmpty() ? usualTokenUrl(page).toString() : QString());
    const QString busy = tr("The comparison is running.");
    for (QWidget* field : std::initializer_list<QWidget*>{url_, beside_, client_, secret_, tokenUrl_, pause_})
        setAllowed(field, !running_, busy);
    const bool another = beside_->currentIndex() == 1;
    setAllowed(other_, another && !running_, another ? busy : tr("Choose “Another endpoint” to compare two of them."));
    setAllowed(start_, !running_ && check.plan, running_ ? busy : check.missing);
    setAllowed(cancel_, running_, tr("Nothing is running."));
    for (QPushButton* button : {copy_, save_})
        setAllowed(button, !findings_.empty(), tr("Nothing was found yet."));
    summary_->setText(running_ && comparison_ ? tr("%1 of %2").arg(findings_.size()).arg(comparison_->total())
                                              : findingsSummary(findings_));
}

void ContractDialog::copy()
{
    QApplication::clipboard()->setText(toQt(lab::reportText(findings_)));
    message_->setMessage(MessageLine::Kind::Success, {}, tr("Copied."));
    message_->show();
}

void ContractDialog::save()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save findings"), QStringLiteral("contract.xml"),
                                                      tr("JUnit (*.xml);;All files (*)"));
    if (!path.isEmpty())
        saveTo(path);
}

bool ContractDialog::saveTo(const QString& path)
{
    const std::string url = plan_ ? plan_->there.endpoint : std::string();
    const QString trouble = saveAtomically(path, client::toBytes(lab::junit(url, findings_)));
    message_->setMessage(trouble.isEmpty() ? MessageLine::Kind::Success : MessageLine::Kind::Error,
                         trouble.isEmpty() ? path : trouble,
                         trouble.isEmpty() ? tr("Saved.") : tr("The findings could not be saved."));
    message_->show();
    return trouble.isEmpty();
}

} // namespace iotman::ui
