#include "ui/sources/importdialog.h"

#include "core/client/text.h"
#include "core/codegen/quote.h"
#include "core/import/limits.h"
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
#include <QScreen>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

enum PageOf { Choosing, Running };

/// What makes its datapoints itself has no place for rows.
bool takesFiles(const Source& source)
{
    return source.kind == SourceKind::File || source.kind == SourceKind::Http;
}

/// Why there is no row to import; empty: there is one.
QString noRowText(const FileSample& sample, const files::Preview& preview, const files::Options& options)
{
    if (!preview.rows.empty() || preview.error)
        return {};
    constexpr std::size_t mebibyte = 1024 * 1024;
    if (sample.extent == files::Sample::Start)
        return ImportDialog::tr("The first row is longer than %1 MiB.").arg(files::largestObject / mebibyte);
    return options.format == files::Format::Csv && options.header ? ImportDialog::tr("There is no row below the header.")
                                                                  : ImportDialog::tr("The file has no rows.");
}

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

ImportDialog::ImportDialog(Session& session, std::vector<SourceView> sources, QSettings& settings, const QTimeZone& zone,
                           QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , sources_(std::move(sources))
    , memory_(settings, session.workspaceId())
    , zone_(zone)
    , pages_(new QStackedWidget(this))
{
    setWindowTitle(tr("Import a file"));
    const QSize frame(0, metrics::barHeight + metrics::largeSpace); // the window manager's, and what else lies on the screen
    resize(QSize(860, 640).boundedTo(this->screen()->availableSize() - frame));
    pages_->addWidget(choosePage());
    pages_->addWidget(runningPage());
    summary_ = new ImportSummary(pages_);
    pages_->addWidget(summary_);
    connect(summary_, &ImportSummary::back, this, [this] { pages_->setCurrentIndex(Choosing); });
    connect(summary_, &ImportSummary::closed, this, &QDialog::accept);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->addWidget(pages_);
    connect(&digests_, &FileDigest::done, this, [this](const QByteArray& digest) {
        digest_ = digest;
        if (const auto at = std::exchange(importedAt_, std::nullopt))
            memory_.remember(digest_, *source_, *at);
        updateImport();
    });
    updateImport();
}

ImportDialog::~ImportDialog()
{
    if (!madeSource_ || !job_ || !job_->isRunning() || job_->isCommitted())
        return;
    job_.reset(); // discards its rows
    client::Management& management = session_.management();
    management.deleteSource(*source_, &management, [](const Expected<void>&) {});
}

QTableWidget* ImportDialog::preview() const
{
    return preview_->table();
}

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
        if (takesFiles(view.source))
            sourceName_->addItem(toQt(view.source.name.text));
    }
    auto* sourceLabel = new QLabel(tr("&Into source"), page);
    sourceLabel->setBuddy(sourceName_);
    sourceError_ = new MessageLine(page);
    sourceError_->setTinted(false);
    sourceError_->hide();
    again_ = new MessageLine(page);
    again_->setTinted(false);
    again_->hide();
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
    rows->addWidget(again_);
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
    connect(cancel, &QPushButton::clicked, this, &ImportDialog::cancel);
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
    digest_.clear();
    importedAt_.reset();
    digests_.read(path);
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
    suggestSource();
    detect();
}

/// What a person chose stays; what was suggested goes with the file.
void ImportDialog::suggestSource()
{
    const QString before = std::exchange(suggested_, toQt(sourceNameFor(path_)));
    if (!sourceName_->currentText().isEmpty() && sourceName_->currentText() != before)
        return;
    sourceName_->setEditText(suggested_);
    sourceName_->lineEdit()->setCursorPosition(0);
}

void ImportDialog::detect()
{
    if (!sample_)
        return;
    FileLook look = lookAt(*sample_, settings_->choices());
    detected_ = std::move(look.detected);
    const files::Preview& rows = look.preview;
    const QString noRow = noRowText(*sample_, rows, detected_.options);
    unreadable_ = rows.error ? toQt(rows.error->detail) : noRow;
    error_->setVisible(!unreadable_.isEmpty());
    if (!unreadable_.isEmpty())
        error_->setMessage(MessageLine::Kind::Error, unreadable_,
                           rows.error ? tr("Read like this, it is no data.") : tr("There is nothing to import."));
    settings_->showDetected(detected_);
    preview_->showRows(detected_, rows);
    updateImport();
    Q_EMIT previewed();
}

void ImportDialog::updateImport()
{
    const Expected<SourceName> name = SourceName::parse(fromQt(sourceName_->currentText()), "source");
    const QString fault = whyNot(name);
    const Permit permit = session_.permit(Action::Import);
    const QString why = !permit                  ? permit.reason
                        : !sample_               ? tr("Choose a file first.")
                        : !unreadable_.isEmpty() ? unreadable_
                                                 : fault;
    sourceError_->setError(sample_ ? fault : QString());
    warnOfSecondTime(name);
    setAllowed(import_, permit && why.isEmpty(), why);
}

/// Why rows cannot go into the source of this name; empty: they can.
QString ImportDialog::whyNot(const Expected<SourceName>& name) const
{
    if (!name)
        return toQt(name.error().detail);
    const SourceView* view = known(*name);
    return view && !takesFiles(view->source) ? tr("“%1” makes its datapoints itself. Choose another name.").arg(toQt(name->text))
                                             : QString();
}

/// A source that is younger than the import, or has nothing in it, is another one.
void ImportDialog::warnOfSecondTime(const Expected<SourceName>& name)
{
    const SourceView* view = name ? known(*name) : nullptr;
    const auto at = view && sample_ && !digest_.isEmpty() ? memory_.lastImport(digest_, *name) : std::nullopt;
    const bool is = at && view->source.made.at <= *at && view->datapoints > 0;
    again_->setVisible(is);
    if (is)
        again_->setMessage(MessageLine::Kind::Warning,
                           tr("It was imported into “%1” before, at %2. Its rows will be there twice.")
                               .arg(toQt(name->text), momentWord(at, {session_.clock().now(), zone_, locale()})));
}

const SourceView* ImportDialog::known(const SourceName& name) const
{
    const auto found =
        std::find_if(sources_.begin(), sources_.end(), [&](const SourceView& view) { return view.source.name == name; });
    return found == sources_.end() ? nullptr : &*found;
}

void ImportDialog::begin()
{
    const Expected<SourceName> name = SourceName::parse(fromQt(sourceName_->currentText()), "source");
    if (!name || !import_->isEnabled())
        return;
    source_ = *name;
    madeSource_ = false;
    cancelled_ = false;
    job_.reset();
    bar_->setValue(0);
    progress_->setText(tr("Starting\u2026"));
    pages_->setCurrentIndex(Running);
    if (known(*name))
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
        madeSource_ = true;
        if (cancelled_)
            return finished(fail(Problem::Conflict, "Cancelled."));
        run(made->source.name);
    });
}

/// Its end shows what became of it.
void ImportDialog::cancel()
{
    cancelled_ = true;
    if (job_)
        job_->cancel();
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
    QString text = tr("%Ln rows", nullptr, pluralCount(progress.rows));
    if (progress.rowsPerSecond > 0)
        text += QStringLiteral(" \u00b7 ") + tr("%1 rows/s").arg(locale().toString(progress.rowsPerSecond, 'f', 0));
    if (progress.left)
        text +=
            QStringLiteral(" \u00b7 ") + tr("%1 s left").arg(locale().toString(static_cast<qlonglong>(progress.left->count())));
    progress_->setText(text);
}

/// A source that was made for rows that have not come goes again.
void ImportDialog::finished(const Expected<ImportResult>& result)
{
    const bool isEmpty = result ? result->accepted == 0 : !job_ || !job_->isCommitted();
    if (madeSource_ && isEmpty)
        removeSource(result);
    else
        showEnd(result);
}

void ImportDialog::removeSource(const Expected<ImportResult>& result)
{
    progress_->setText(tr("Removing the source that was made for it\u2026"));
    call_ =
        session_.management().deleteSource(*source_, this, session_.noted<void>([this, result](const Expected<void>& removed) {
            if (removed)
                std::erase_if(sources_, [this](const SourceView& view) { return view.source.name == *source_; });
            showEnd(result);
        }));
}

void ImportDialog::showEnd(const Expected<ImportResult>& result)
{
    summary_->showResult(path_, *source_, result);
    pages_->setCurrentWidget(summary_);
    if (result && result->accepted > 0) {
        remember();
        Q_EMIT imported(*source_);
        if (output_->isChecked())
            makeOutput();
    }
    Q_EMIT ended();
}

void ImportDialog::remember()
{
    for (SourceView& view : sources_) {
        if (view.source.name == *source_)
            view.datapoints = std::max<std::int64_t>(view.datapoints, 1); // it is not empty any more
    }
    const Timestamp now = session_.clock().now();
    if (digest_.isEmpty())
        importedAt_ = now;
    else
        memory_.remember(digest_, *source_, now);
    updateImport();
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

QString ImportDialog::warning() const
{
    return again_->isVisibleTo(this) ? again_->text() : QString();
}

QString ImportDialog::summaryText() const
{
    return summary_->text();
}

void ImportDialog::reject()
{
    if (pages_->currentIndex() == Running)
        return cancel();
    QDialog::reject();
}

} // namespace iotman::ui
