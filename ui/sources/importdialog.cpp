#include "ui/sources/importdialog.h"

#include "core/client/text.h"
#include "core/codegen/quote.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"
#include "ui/sources/importpreview.h"
#include "ui/sources/importsettings.h"
#include "ui/sources/importsummary.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

enum PageOf { Choosing, Running };

} // namespace

std::string sourceNameFor(const QString& path)
{
    std::string name;
    for (const QChar c : QFileInfo(path).completeBaseName().toLower()) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
        if (plain)
            name += static_cast<char>(c.unicode());
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    name = name.substr(0, 64);
    return name.empty() ? "import" : name;
}

ImportDialog::ImportDialog(Session& session, std::vector<SourceView> sources, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , sources_(std::move(sources))
    , pages_(new QStackedWidget(this))
{
    setWindowTitle(tr("Import a file"));
    resize(860, 640);
    pages_->addWidget(choosePage());
    pages_->addWidget(runningPage());
    summary_ = new ImportSummary(pages_);
    pages_->addWidget(summary_);
    connect(summary_, &ImportSummary::back, this, [this] { pages_->setCurrentIndex(Choosing); });
    connect(summary_, &ImportSummary::closed, this, &QDialog::accept);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->addWidget(pages_);
    updateImport();
}

ImportDialog::~ImportDialog() = default;

QTableWidget* ImportDialog::preview() const { return preview_->table(); }

QWidget* ImportDialog::choosePage()
{
    auto* page = new QWidget;
    file_ = new QLabel(tr("No file chosen yet."), page);
    file_->setTextFormat(Qt::PlainText);
    file_->setFont(headFont());
    busy_ = new BusyRing(page);
    auto* browse = new QPushButton(icon(u"import"), tr("Choose a &file\u2026"), page);
    browse->setAutoDefault(false);
    error_ = new MessageLine(page);
    error_->hide();

    settings_ = new ImportSettings(page);
    preview_ = new ImportPreview(page);

    sourceName_ = new QComboBox(page);
    sourceName_->setEditable(true);
    sourceName_->setInsertPolicy(QComboBox::NoInsert);
    sourceName_->setMinimumContentsLength(20);
    sourceName_->setAccessibleName(tr("Into source"));
    sourceName_->addItem({});
    for (const SourceView& view : sources_) {
        if (view.source.kind == SourceKind::File || view.source.kind == SourceKind::Http)
            sourceName_->addItem(toQt(view.source.name.text));
    }
    auto* sourceLabel = new QLabel(tr("&Into source"), page);
    sourceLabel->setBuddy(sourceName_);
    sourceError_ = new MessageLine(page);
    sourceError_->setTinted(false);
    sourceError_->hide();
    skipBad_ = new QCheckBox(tr("Skip &bad rows"), page);
    skipBad_->setToolTip(tr("Otherwise one bad row keeps the whole file out."));
    output_ = new QCheckBox(tr("&New output from these columns"), page);
    import_ = new QPushButton(icon(u"import", &Extras::accentText), tr("Import"), page);
    import_->setDefault(true);
    auto* cancel = new QPushButton(tr("Cancel"), page);
    cancel->setAutoDefault(false);

    auto* head = new QHBoxLayout;
    head->addWidget(file_, 1);
    head->addWidget(busy_);
    head->addWidget(browse);
    auto* target = new QHBoxLayout;
    target->setSpacing(metrics::smallSpace);
    target->addWidget(sourceLabel);
    target->addWidget(sourceName_);
    target->addWidget(skipBad_);
    target->addWidget(output_);
    target->addStretch();
    target->addWidget(cancel);
    target->addWidget(import_);
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addLayout(head);
    rows->addWidget(error_);
    rows->addWidget(settings_);
    rows->addWidget(preview_, 1);
    rows->addWidget(sourceError_);
    rows->addLayout(target);
    connect(settings_, &ImportSettings::chosen, this, &ImportDialog::detect);
    connect(preview_, &ImportPreview::typeChosen, settings_, &ImportSettings::chooseType);
    connect(browse, &QPushButton::clicked, this, &ImportDialog::browse);
    connect(cancel, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(import_, &QPushButton::clicked, this, &ImportDialog::begin);
    connect(sourceName_, &QComboBox::editTextChanged, this, &ImportDialog::updateImport);
    return page;
}

QWidget* ImportDialog::runningPage()
{
    auto* page = new QWidget;
    bar_ = new QProgressBar(page);
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedHeight(4);
    progress_ = new QLabel(page);
    progress_->setTextFormat(Qt::PlainText);
    auto* note = new QLabel(tr("Nobody sees a row before all are there. Cancel leaves nothing behind."), page);
    note->setFont(noteFont());
    note->setForegroundRole(QPalette::PlaceholderText);
    auto* cancel = new QPushButton(tr("Cancel import"), page);
    auto* rows = new QVBoxLayout(page);
    rows->addStretch();
    rows->addWidget(progress_);
    rows->addWidget(bar_);
    rows->addWidget(note);
    rows->addWidget(cancel, 0, Qt::AlignRight);
    rows->addStretch();
    connect(cancel, &QPushButton::clicked, this, [this] {
        if (job_)
            job_->cancel();
    });
    return page;
}

void ImportDialog::browse()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Import a file"), path_,
                                                      tr("Data (*.csv *.tsv *.txt *.json *.ndjson *.jsonl);;All files (*)"));
    if (!path.isEmpty())
        setFile(path);
}

void ImportDialog::setFile(const QString& path)
{
    path_ = path;
    sample_.reset();
    settings_->clear();
    preview_->clear();
    file_->setText(QFileInfo(path).fileName());
    file_->setToolTip(path);
    busy_->start(tr("Reading the file"));
    readSample(path, this, [this, path](Expected<FileSample> sample) {
        if (path == path_)
            sampled(std::move(sample));
    });
}

void ImportDialog::sampled(Expected<FileSample> sample)
{
    busy_->stop();
    if (!sample) {
        error_->setMessage(MessageLine::Kind::Error, toQt(sample.error().detail), tr("The file cannot be read."));
        error_->show();
        updateImport();
        return;
    }
    sample_ = std::move(*sample);
    file_->setText(QFileInfo(path_).fileName() + QStringLiteral("  \u00b7  ") + sizeWord(sample_->size, locale()));
    if (sourceName_->currentText().isEmpty()) {
        sourceName_->setEditText(toQt(sourceNameFor(path_)));
        sourceName_->lineEdit()->setCursorPosition(0);
    }
    detect();
}

void ImportDialog::detect()
{
    if (!sample_)
        return;
    detected_ = files::detect(sample_->bytes, sample_->extent, settings_->choices());
    const files::Preview rows = files::preview(sample_->bytes, sample_->extent, detected_.options);
    unreadable_ = rows.error ? toQt(rows.error->detail) : QString();
    error_->setVisible(rows.error.has_value());
    if (rows.error)
        error_->setMessage(MessageLine::Kind::Error, unreadable_, tr("Read like this, it is no data."));
    settings_->showDetected(detected_);
    preview_->showRows(detected_, rows);
    updateImport();
    Q_EMIT previewed();
}

void ImportDialog::updateImport()
{
    const Permit permit = session_.permit(Action::Import);
    const Expected<SourceName> name = SourceName::parse(fromQt(sourceName_->currentText()), "source");
    QString why = permit.reason;
    if (permit && !sample_)
        why = tr("Choose a file first.");
    else if (permit && !unreadable_.isEmpty())
        why = unreadable_;
    else if (permit && !name)
        why = toQt(name.error().detail);
    sourceError_->setError(sample_ && !name ? toQt(name.error().detail) : QString());
    setAllowed(import_, permit && sample_ && unreadable_.isEmpty() && name, why);
}

void ImportDialog::begin()
{
    const Expected<SourceName> name = SourceName::parse(fromQt(sourceName_->currentText()), "source");
    if (!name || !import_->isEnabled())
        return;
    source_ = *name;
    const bool exists =
        std::any_of(sources_.begin(), sources_.end(), [&](const SourceView& view) { return view.source.name == *name; });
    bar_->setValue(0);
    progress_->setText(tr("Starting\u2026"));
    pages_->setCurrentIndex(Running);
    if (exists)
        run(*name);
    else
        makeSource(*name);
}

void ImportDialog::makeSource(const SourceName& name)
{
    const files::Options& options = detected_.options;
    SourceDraft draft;
    draft.name = name;
    draft.kind = SourceKind::File;
    draft.settings = Json{{"format", std::string(files::formatWord(options.format, options.separator))}};
    if (!options.timeColumn.empty()) {
        draft.settings["time_column"] = options.timeColumn;
        draft.settings["time_unit"] = std::string(files::timeUnitWord(options.timeFormat));
        draft.settings["zone"] = options.zone;
    }
    call_ = session_.management().createSource(draft, this, [this](Expected<SourceView> made) {
        if (!made)
            return finished(fail(made.error()));
        sources_.push_back(*made);
        run(made->source.name);
    });
}

void ImportDialog::run(const SourceName& name)
{
    job_ = std::make_unique<ImportJob>(session_.management(), path_, name, detected_.options,
                                       skipBad_->isChecked() ? BadRows::Skip : BadRows::RefuseAll);
    connect(job_.get(), &ImportJob::progressed, this, &ImportDialog::progressed);
    connect(job_.get(), &ImportJob::finished, this, &ImportDialog::finished);
    job_->start();
}

void ImportDialog::progressed(const ImportProgress& progress)
{
    if (progress.bytes > 0)
        bar_->setValue(static_cast<int>(1000 * progress.bytesRead / progress.bytes));
    QString text = tr("%1 rows").arg(locale().toString(static_cast<qlonglong>(progress.rows)));
    if (progress.rowsPerSecond > 0)
        text += QStringLiteral(" \u00b7 ") + tr("%1 rows/s").arg(locale().toString(progress.rowsPerSecond, 'f', 0));
    if (progress.left)
        text +=
            QStringLiteral(" \u00b7 ") + tr("%1 s left").arg(locale().toString(static_cast<qlonglong>(progress.left->count())));
    progress_->setText(text);
}

void ImportDialog::finished(const Expected<ImportResult>& result)
{
    summary_->showResult(path_, *source_, result);
    pages_->setCurrentWidget(summary_);
    if (result && result->accepted > 0) {
        Q_EMIT imported(*source_);
        if (output_->isChecked())
            makeOutput();
    }
    Q_EMIT ended();
}

/// `{ at: $ts, "temp": $."temp" … }`, every column under its own name.
QString ImportDialog::rule() const
{
    std::string text = "{ at: $ts";
    for (const files::Column& column : detected_.columns) {
        if (column.name != "at" && column.name != detected_.options.timeColumn)
            text += ", " + codegen::jsonQuoted(column.name) + ": $." + codegen::jsonQuoted(column.name);
    }
    return toQt(text + " }");
}

void ImportDialog::makeOutput()
{
    OutputDraft draft;
    draft.name = OutputName{source_->text};
    draft.sources = {*source_};
    draft.rule = fromQt(rule());
    call_ = session_.management().createOutput(draft, this, [this](Expected<OutputView> made) {
        summary_->showOutput(made);
        session_.refresh();
    });
}

QString ImportDialog::summaryText() const
{
    return summary_->text();
}

void ImportDialog::reject()
{
    if (job_ && job_->isRunning())
        return job_->cancel(); // its end shows what became of it
    QDialog::reject();
}

} // namespace iotman::ui
