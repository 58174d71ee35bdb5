#include "ui/sources/importsettings.h"

#include "core/client/text.h"
#include "core/import/zone.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>
#include <array>

namespace iotman::ui {

using client::fromQt;
using client::toQt;
using files::Setting;

namespace {

constexpr std::array encodings{files::Encoding::Utf8, files::Encoding::Utf16Le, files::Encoding::Utf16Be, files::Encoding::Cp949,
                               files::Encoding::Latin1};
constexpr std::array separators{',', ';', '\t', '|', ' '};
constexpr std::array decimalMarks{'.', ','};
constexpr std::array timeFormats{files::TimeFormat::Seconds,     files::TimeFormat::Milliseconds, files::TimeFormat::Microseconds,
                                 files::TimeFormat::Nanoseconds, files::TimeFormat::YearFirst,    files::TimeFormat::DayFirst,
                                 files::TimeFormat::MonthFirst,  files::TimeFormat::Compact,      files::TimeFormat::Year};

template <class Array, class Value>
int indexOf(const Array& values, const Value& value)
{
    const auto found = std::find(values.begin(), values.end(), value);
    return found == values.end() ? -1 : static_cast<int>(found - values.begin());
}

} // namespace

ImportSettings::ImportSettings(QWidget* parent)
    : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(metrics::smallSpace);
    grid->setVerticalSpacing(metrics::tinySpace);
    grid->setColumnStretch(2, 1);
    addRow(grid, tr("F&ormat"), Setting::Format);
    addRow(grid, tr("&Encoding"), Setting::Encoding);
    addRow(grid, tr("&Separator"), Setting::Separator);
    addRow(grid, tr("&Decimal mark"), Setting::DecimalMark);
    addRow(grid, tr("&Header"), Setting::Header);
    addRow(grid, tr("&Time column"), Setting::TimeColumn);
    addRow(grid, tr("Time &as"), Setting::TimeFormat);
    QComboBox* zones = addRow(grid, tr("Time &zone"), Setting::Zone).combo;
    zones->setEditable(true);
    zones->setInsertPolicy(QComboBox::NoInsert);
    for (const std::string& name : files::zoneNames())
        zones->addItem(toQt(name));
    zones->completer()->setFilterMode(Qt::MatchContains);
    zones->completer()->setCompletionMode(QCompleter::PopupCompletion);
    connect(zones->lineEdit(), &QLineEdit::editingFinished, this, [this] { choose(Setting::Zone, -1); });
    clear();
}

ImportSettings::Row ImportSettings::addRow(QGridLayout* grid, const QString& text, Setting setting)
{
    Row made{new QComboBox, new QLabel};
    auto* label = new QLabel(text);
    label->setBuddy(made.combo);
    made.combo->setAccessibleName(QString(text).remove(u'&'));
    made.combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    made.combo->setMinimumContentsLength(24);
    makeSmall(made.combo);
    made.reason->setFont(noteFont());
    made.reason->setTextFormat(Qt::PlainText);
    made.reason->setWordWrap(true);
    const int row = static_cast<int>(rows_.size());
    grid->addWidget(label, row, 0);
    grid->addWidget(made.combo, row, 1);
    grid->addWidget(made.reason, row, 2);
    connect(made.combo, &QComboBox::activated, this, [this, setting](int index) { choose(setting, index); });
    rows_[setting] = made;
    return made;
}

void ImportSettings::clear()
{
    detected_ = {};
    choices_ = {};
    setEnabled(false);
    for (auto& [setting, row] : rows_) {
        row.combo->setCurrentIndex(-1);
        row.reason->clear();
    }
}

void ImportSettings::fill(Setting setting, const QStringList& words, int current)
{
    QComboBox* combo = rows_[setting].combo;
    combo->clear();
    combo->addItems(words);
    combo->setCurrentIndex(current);
}

void ImportSettings::showDetected(const files::Detected& detected)
{
    detected_ = detected;
    setEnabled(true);
    const files::Options& options = detected_.options;
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
    showReasons(detected);
}

void ImportSettings::showReasons(const files::Detected& detected)
{
    for (auto& [setting, row] : rows_) {
        const files::Reason* reason = detected.reason(setting);
        QString text = reason ? toQt(reason->text) : QString();
        if (setting == Setting::Zone && detected.asksForZone && !reason)
            text = tr("The times carry no zone: choose the one of the clock that wrote them.");
        row.reason->setText(text);
        QPalette palette = row.reason->palette();
        const bool ask = (reason && !reason->sure) || (setting == Setting::Zone && detected.asksForZone);
        palette.setColor(QPalette::WindowText, ask ? extras(this).warning : extras(this).dimText);
        row.reason->setPalette(palette);
    }
}

void ImportSettings::chooseType(const std::string& column, files::CellType type)
{
    choices_.types[column] = type;
    Q_EMIT chosen();
}

void ImportSettings::choose(Setting setting, int index)
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
    Q_EMIT chosen();
}

} // namespace iotman::ui
