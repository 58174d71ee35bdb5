#include "ui/sources/importdialog.h"

#include "core/client/jsonscanner.h"
#include "core/client/text.h"
#include "core/codegen/quote.h"
#include "core/import/zone.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QTableWidget>

#include <algorithm>
#include <array>

namespace iotman::ui {

using client::fromQt;
using client::toQt;
using files::Setting;

namespace {

enum PageOf { Choosing, Running, Summary };

constexpr int mostShownRefusals = 100;
constexpr std::array encodings{files::Encoding::Utf8, files::Encoding::Utf16Le, files::Encoding::Utf16Be, files::Encoding::Cp949,
                               files::Encoding::Latin1};
constexpr std::array separators{',', ';', '\t', '|', ' '};
constexpr std::array decimalMarks{'.', ','};
constexpr std::array timeFormats{files::TimeFormat::Seconds,     files::TimeFormat::Milliseconds, files::TimeFormat::Microseconds,
                                 files::TimeFormat::Nanoseconds, files::TimeFormat::YearFirst,    files::TimeFormat::DayFirst,
                                 files::TimeFormat::MonthFirst,  files::TimeFormat::Compact,      files::TimeFormat::Year};
constexpr std::array cellTypes{files::CellType::Auto, files::CellType::Text, files::CellType::Number, files::CellType::Boolean};

template <class Array, class Value>
int indexOf(const Array& values, const Value& value)
{
    const auto found = std::find(values.begin(), values.end(), value);
    return found == values.end() ? -1 : static_cast<int>(found - values.begin());
}

QString timeText(const std::optional<Timestamp>& time)
{
    return time ? toQt(time->iso()) : ImportDialog::tr("arrival");
}

/// The members of an object as they stand there: no digit of a number is lost.
std::map<std::string, std::string> membersOf(const std::string& object)
{
    std::map<std::string, std::string> values;
    client::JsonScanner scanner(object);
    bool isObject = scanner.enterObject();
    while (const auto name = isObject ? scanner.member() : std::nullopt) {
        const auto value = scanner.value();
        if (!value)
            break;
        values[client::stringFrom('"' + std::string(*name) + '"').value_or(std::string(*name))] = *value;
    }
    return values;
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
    pages_->addWidget(summaryPage());
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->addWidget(pages_);
    updateImport();
}

ImportDialog::~ImportDialog() = default;

ImportDialog::Row ImportDialog::addRow(QGridLayout* grid, int row, const QString& text, Setting setting)
{
    Row made{new QComboBox, new QLabel};
    auto* label = new QLabel(text);
    label->setBuddy(made.combo);
    made.combo->setAccessibleName(QString(text).remove(u'&'));
    made.combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    made.combo->setMinimumContentsLength(16);
    makeSmall(made.combo);
    made.reason->setFont(noteFont());
    made.reason->setTextFormat(Qt::PlainText);
    made.reason->setWordWrap(true);
    grid->addWidget(label, row, 0);
    grid->addWidget(made.combo, row, 1);
    grid->addWidget(made.reason, row, 2);
    connect(made.combo, &QComboBox::activated, this, [this, setting](int index) { choose(setting, index); });
    rows_[setting] = made;
    return made;
}

QWidget* ImportDialog::choosePage()
{
    auto* page = new QWidget;
    file_ = new QLabel(tr("No file chosen yet."), page);
    file_->setTextFormat(Qt::PlainText);
    file_->setFont(headFont());
    busy_ = new BusyRing(page);
    auto* browse = new QPushButton(icon(u"import"), tr("Choose a &file\u2026"), page);
    error_ = new MessageLine(page);
    error_->hide();

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::smallSpace);
    grid->setVerticalSpacing(metrics::tinySpace);
    grid->setColumnStretch(2, 1);
    int row = 0;
    addRow(grid, row++, tr("F&ormat"), Setting::Format);
    addRow(grid, row++, tr("&Encoding"), Setting::Encoding);
    addRow(grid, row++, tr("&Separator"), Setting::Separator);
    addRow(grid, row++, tr("&Decimal mark"), Setting::DecimalMark);
    addRow(grid, row++, tr("&Header"), Setting::Header);
    addRow(grid, row++, tr("&Time column"), Setting::TimeColumn);
    addRow(grid, row++, tr("Time &as"), Setting::TimeFormat);
    QComboBox* zones = addRow(grid, row++, tr("Time &zone"), Setting::Zone).combo;
    zones->setEditable(true);
    zones->setInsertPolicy(QComboBox::NoInsert);
    for (const std::string& name : files::zoneNames())
        zones->addItem(toQt(name));
    zones->completer()->setFilterMode(Qt::MatchContains);
    zones->completer()->setCompletionMode(QCompleter::PopupCompletion);
    connect(zones->lineEdit(), &QLineEdit::editingFinished, this, [this] { choose(Setting::Zone, -1); });

    preview_ = new QTableWidget(page);
    preview_->setAccessibleName(tr("The first rows as they will be"));
    preview_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    preview_->setSelectionBehavior(QAbstractItemView::SelectRows);
    preview_->verticalHeader()->setDefaultSectionSize(metrics::denseRowHeight);
    preview_->setTabKeyNavigation(false);
    preview_->horizontalHeader()->setToolTip(tr("Press a column's head to choose its type."));
    preview_->horizontalHeader()->setSectionsClickable(true);
    connect(preview_->horizontalHeader(), &QHeaderView::sectionClicked, this, &ImportDialog::askType);
    previewNote_ = new QLabel(page);
    previewNote_->setFont(noteFont());
    previewNote_->setForegroundRole(QPalette::PlaceholderText);

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
    rows->addLayout(grid);
    rows->addWidget(preview_, 1);
    rows->addWidget(previewNote_);
    rows->addWidget(sourceError_);
    rows->addLayout(target);
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

QWidget* ImportDialog::summaryPage()
{
    auto* page = new QWidget;
    summary_ = new MessageLine(page);
    outputResult_ = new MessageLine(page);
    outputResult_->hide();
    refusedNote_ = new QLabel(page);
    refused_ = new QTableWidget(0, 2, page);
    refused_->setHorizontalHeaderLabels({tr("Line"), tr("Why it was refused")});
    refused_->setAccessibleName(tr("Refused rows"));
    refused_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    refused_->verticalHeader()->hide();
    refused_->horizontalHeader()->setStretchLastSection(true);
    saveRefused_ = new QPushButton(icon(u"save"), tr("Save all as CSV\u2026"), page);
    auto* back = new QPushButton(icon(u"back"), tr("Back"), page);
    auto* close = new QPushButton(tr("Close"), page);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(saveRefused_);
    buttons->addStretch();
    buttons->addWidget(back);
    buttons->addWidget(close);
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(summary_);
    rows->addWidget(outputResult_);
    rows->addWidget(refusedNote_);
    rows->addWidget(refused_, 1);
    rows->addStretch();
    rows->addLayout(buttons);
    connect(saveRefused_, &QPushButton::clicked, this, &ImportDialog::saveRefusals);
    connect(back, &QPushButton::clicked, this, [this] { pages_->setCurrentIndex(Choosing); });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
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
    choices_ = {};
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
    if (sourceName_->currentText().isEmpty())
        sourceName_->setEditText(toQt(sourceNameFor(path_)));
    detect();
}

void ImportDialog::detect()
{
    if (!sample_)
        return;
    detected_ = files::detect(sample_->bytes, sample_->extent, choices_);
    shown_ = files::preview(sample_->bytes, sample_->extent, detected_.options);
    showChoices();
    showPreview();
    updateImport();
    Q_EMIT previewed();
}

void ImportDialog::showChoices()
{
    const files::Options& options = detected_.options;
    const auto fill = [this](Setting setting, const QStringList& words, int current) {
        QComboBox* combo = rows_[setting].combo;
        combo->clear();
        combo->addItems(words);
        combo->setCurrentIndex(current);
    };
    const bool csv = options.format == files::Format::Csv;
    fill(Setting::Format, {tr("CSV or TSV"), tr("NDJSON: an object a line"), tr("JSON: an array of objects")},
         static_cast<int>(options.format));
    QStringList words;
    for (const files::Encoding encoding : encodings)
        words << toQt(files::displayName(encoding));
    fill(Setting::Encoding, words, indexOf(encodings, options.encoding));
    words.clear();
    for (const char separator : separators)
        words << toQt(files::separatorName(separator));
    int separator = indexOf(separators, options.separator);
    if (separator < 0) {
        separator = static_cast<int>(words.size());
        words << toQt(files::separatorName(options.separator));
    }
    fill(Setting::Separator, words, separator);
    fill(Setting::DecimalMark, {tr("point: 1.5"), tr("comma: 1,5")}, indexOf(decimalMarks, options.decimalMark));
    fill(Setting::Header, {tr("the first row names the columns"), tr("no names")}, options.header ? 0 : 1);
    words = {tr("none: the time of arrival")};
    int time = 0;
    for (const files::Column& column : detected_.columns) {
        if (column.name == options.timeColumn)
            time = static_cast<int>(words.size());
        words << toQt(column.name);
    }
    fill(Setting::TimeColumn, words, time);
    words.clear();
    for (const files::TimeFormat format : timeFormats)
        words << toQt(files::displayName(format));
    fill(Setting::TimeFormat, words, indexOf(timeFormats, options.timeFormat));
    rows_[Setting::Zone].combo->setEditText(toQt(options.zone));
    for (const Setting setting : {Setting::Separator, Setting::DecimalMark, Setting::Header})
        rows_[setting].combo->setEnabled(csv);
    const bool timed = !options.timeColumn.empty();
    rows_[Setting::TimeFormat].combo->setEnabled(timed);
    rows_[Setting::Zone].combo->setEnabled(timed && options.timeFormat >= files::TimeFormat::YearFirst);
    for (auto& [setting, row] : rows_) {
        const files::Reason* reason = detected_.reason(setting);
        QString text = reason ? toQt(reason->text) : QString();
        if (setting == Setting::Zone && detected_.asksForZone && !reason)
            text = tr("The times carry no zone: choose the one of the clock that wrote them.");
        row.reason->setText(text);
        QPalette palette = row.reason->palette();
        const bool ask = (reason && !reason->sure) || (setting == Setting::Zone && detected_.asksForZone);
        palette.setColor(QPalette::WindowText, ask ? extras(this).warning : extras(this).dimText);
        row.reason->setPalette(palette);
    }
}

void ImportDialog::showPreview()
{
    error_->hide();
    if (shown_.error) {
        error_->setMessage(MessageLine::Kind::Error, toQt(shown_.error->detail), tr("Read like this, it is no data."));
        error_->show();
    }
    QStringList heads{tr("Line"), tr("Time (UTC)")};
    for (const files::Column& column : detected_.columns)
        heads << QString(toQt(column.name) + u'\n' + toQt(files::displayName(column.type)));
    preview_->clear();
    preview_->clearSpans();
    preview_->setColumnCount(static_cast<int>(heads.size()));
    preview_->setRowCount(static_cast<int>(shown_.rows.size()));
    preview_->setHorizontalHeaderLabels(heads);
    preview_->verticalHeader()->hide();
    int refused = 0;
    const auto cell = [this](int row, int column, const QString& text) {
        auto* item = new QTableWidgetItem(text);
        item->setToolTip(text);
        preview_->setItem(row, column, item);
        return item;
    };
    for (int i = 0; i < preview_->rowCount(); ++i) {
        const auto& row = shown_.rows[static_cast<std::size_t>(i)];
        if (const auto* refusal = std::get_if<files::Refusal>(&row)) {
            ++refused;
            cell(i, 0, QString::number(refusal->line));
            QTableWidgetItem* why = cell(i, 1, tr("Refused: %1").arg(toQt(refusal->reason)));
            why->setForeground(extras(this).danger);
            preview_->setSpan(i, 1, 1, preview_->columnCount() - 1);
            continue;
        }
        const auto& good = std::get<files::Row>(row);
        cell(i, 0, QString::number(good.line));
        cell(i, 1, timeText(good.time) + (good.odd == files::OddHour::None ? QString() : QStringLiteral(" *")));
        const std::map<std::string, std::string> values = membersOf(good.payload);
        for (std::size_t column = 0; column < detected_.columns.size(); ++column) {
            const auto found = values.find(detected_.columns[column].name);
            if (found == values.end())
                continue;
            const std::string& text = found->second;
            const std::optional<std::string> string = client::stringFrom(text);
            QTableWidgetItem* item = cell(i, static_cast<int>(column) + 2, toQt(string.value_or(text)));
            if (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'))
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (text == "null")
                item->setForeground(extras(this).dimText);
        }
    }
    QString note = tr("%Ln rows shown as they will be.", nullptr, preview_->rowCount());
    if (refused > 0)
        note += u' ' + tr("%Ln of them refused.", nullptr, refused);
    if (shown_.oddHours.skipped + shown_.oddHours.twice > 0)
        note += u' ' + tr("* An hour that the clocks skipped is moved forward, one that came twice is the earlier.");
    previewNote_->setText(note);
}

void ImportDialog::askType(int column)
{
    const auto index = static_cast<std::size_t>(column - 2);
    if (column < 2 || index >= detected_.columns.size() || detected_.options.format != files::Format::Csv)
        return;
    const files::Column chosen = detected_.columns[index];
    QMenu menu(this);
    for (const files::CellType type : cellTypes) {
        QAction* action = menu.addAction(toQt(files::displayName(type)));
        action->setCheckable(true);
        action->setChecked(type == chosen.type);
        connect(action, &QAction::triggered, this, [this, chosen, type] {
            choices_.types[chosen.name] = type;
            detect();
        });
    }
    menu.exec(QCursor::pos());
}

void ImportDialog::choose(Setting setting, int index)
{
    const auto at = static_cast<std::size_t>(std::max(index, 0));
    switch (setting) {
    case Setting::Format:
        choices_ = {};
        choices_.format = static_cast<files::Format>(index);
        break;
    case Setting::Encoding:
        choices_.encoding = encodings[at];
        break;
    case Setting::Separator:
        if (at < separators.size())
            choices_.separator = separators[at];
        choices_.types.clear();
        break;
    case Setting::DecimalMark:
        choices_.decimalMark = decimalMarks[at];
        break;
    case Setting::Header:
        choices_.header = index == 0;
        choices_.types.clear();
        break;
    case Setting::TimeColumn:
        choices_.timeColumn = index == 0 ? std::string() : detected_.columns[at - 1].name;
        choices_.timeFormat.reset();
        break;
    case Setting::TimeFormat:
        choices_.timeFormat = timeFormats[at];
        break;
    case Setting::Zone: {
        const std::string zone = fromQt(rows_[Setting::Zone].combo->currentText().trimmed());
        if (zone == detected_.options.zone && choices_.zone)
            return;
        choices_.zone = zone;
        break;
    }
    case Setting::Types:
    case Setting::NullTexts:
        break;
    }
    detect();
}

void ImportDialog::updateImport()
{
    const Permit permit = session_.permit(Action::Import);
    const Expected<SourceName> name = SourceName::parse(fromQt(sourceName_->currentText()), "source");
    QString why = permit.reason;
    if (permit && !sample_)
        why = tr("Choose a file first.");
    else if (permit && shown_.error)
        why = toQt(shown_.error->detail);
    else if (permit && !name)
        why = toQt(name.error().detail);
    sourceError_->setError(sample_ && !name ? toQt(name.error().detail) : QString());
    setAllowed(import_, permit && sample_ && !shown_.error && name, why);
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
    pages_->setCurrentIndex(Summary);
    count_ = result ? result->count : files::ImportCount();
    outputResult_->hide();
    const auto number = [this](std::int64_t n) { return locale().toString(static_cast<qlonglong>(n)); };
    if (!result) {
        summary_->setMessage(MessageLine::Kind::Error, errorText(result.error()), tr("Nothing was stored."));
    } else {
        const QString counts = tr("%1 rows read, %2 accepted, %3 refused, in %4.")
                                   .arg(number(count_.rows + count_.refused), number(result->accepted), number(count_.refused),
                                        elapsedWord(result->took, locale()));
        const bool kept = result->accepted > 0 || count_.refused == 0;
        QString odd;
        if (count_.oddHours.skipped + count_.oddHours.twice > 0)
            odd =
                u' ' + tr("%1 times lay in an hour that the clocks skipped and were moved forward, %2 in one that came twice and "
                          "are the earlier.")
                           .arg(number(count_.oddHours.skipped), number(count_.oddHours.twice));
        if (kept)
            summary_->setMessage(count_.refused > 0 ? MessageLine::Kind::Warning : MessageLine::Kind::Success, counts + odd,
                                 tr("Imported into “%1”.").arg(toQt(source_->text)));
        else
            summary_->setMessage(MessageLine::Kind::Error, counts + u' ' + tr("Mend them, or choose “Skip bad rows”."),
                                 tr("Nothing was stored."));
    }
    const int shown = static_cast<int>(std::min<std::size_t>(count_.refusals.size(), mostShownRefusals));
    refused_->setRowCount(shown);
    for (int i = 0; i < shown; ++i) {
        const files::Refusal& refusal = count_.refusals[static_cast<std::size_t>(i)];
        refused_->setItem(i, 0, new QTableWidgetItem(QString::number(refusal.line)));
        refused_->setItem(i, 1, new QTableWidgetItem(toQt(refusal.reason)));
    }
    refused_->setVisible(shown > 0);
    refusedNote_->setVisible(shown > 0);
    refusedNote_->setText(count_.refused > shown
                              ? tr("The first %1 of %2 refused rows:").arg(number(shown), number(count_.refused))
                              : tr("Refused rows:"));
    saveRefused_->setVisible(shown > 0);
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
        if (made)
            outputResult_->setMessage(MessageLine::Kind::Info, tr("Give it an endpoint on the page Endpoints."),
                                      tr("Output “%1” was made.").arg(toQt(made->output.name.text)));
        else
            outputResult_->setMessage(MessageLine::Kind::Error, errorText(made.error()), tr("The output was not made."));
        outputResult_->show();
        session_.refresh();
    });
}

void ImportDialog::saveRefusals()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save refused rows"),
                                                      QFileInfo(path_).completeBaseName() + QStringLiteral("-refused.csv"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(client::toBytes(files::refusalsCsv(count_.refusals))) < 0 ||
        !file.commit())
        summary_->setMessage(MessageLine::Kind::Error, tr("%1 could not be written: %2").arg(path, file.errorString()));
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
