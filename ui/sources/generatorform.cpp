#include "ui/sources/generatorform.h"

#include "core/client/text.h"
#include "core/generator/generator.h"
#include "core/model/resources.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/sources/numberedit.h"
#include "ui/sources/signalpreview.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr int previewPoints = 240;
constexpr double previewPeriods = 4;
constexpr double usualPeriod = 60; // seconds
constexpr std::array kinds{"sine", "ramp", "walk", "noise", "constant"};

QString signalWord(const std::string& kind)
{
    return kind == "sine"    ? GeneratorForm::tr("Sine")
           : kind == "ramp"  ? GeneratorForm::tr("Ramp")
           : kind == "walk"  ? GeneratorForm::tr("Random walk")
           : kind == "noise" ? GeneratorForm::tr("Noise")
                             : GeneratorForm::tr("Constant");
}

double numberOf(const Json& signal, const char* member, double fallback)
{
    const auto found = signal.find(member);
    return found != signal.end() && isNumber(*found) ? numberIn(*found) : fallback;
}

/// A whole number is one also in JSON: so it is refused where it must not be anything else.
Json wholeWhereItIs(const Json& value)
{
    constexpr double most = 9e15;
    if (!value.is_number_float())
        return value;
    const auto number = value.get<double>();
    return std::abs(number) < most && number == std::floor(number) ? Json(static_cast<std::int64_t>(number)) : value;
}

} // namespace

GeneratorForm::GeneratorForm(QWidget* parent)
    : SourceForm(parent)
    , interval_(new NumberEdit(tr("Interval in seconds"), this))
    , seed_(new NumberEdit(tr("Seed"), this))
    , list_(new QListWidget(this))
    , add_(new QPushButton(tr("&Add signal"), this))
    , remove_(new QPushButton(tr("Remove si&gnal"), this))
    , name_(new QLineEdit(this))
    , kind_(new QComboBox(this))
    , min_(new NumberEdit(tr("Least"), this))
    , max_(new NumberEdit(tr("Greatest"), this))
    , period_(new NumberEdit(tr("Period in seconds"), this))
    , outages_(new NumberEdit(tr("Outages in percent of the time"), this))
    , preview_(new SignalPreview(this))
{
    list_->setAccessibleName(tr("Signals"));
    name_->setFont(monospaceFont());
    name_->setAccessibleName(tr("Name of the signal"));
    kind_->setAccessibleName(tr("Kind of the signal"));
    for (const char* kind : kinds)
        kind_->addItem(signalWord(kind), QString::fromLatin1(kind));
    arrange();
    interval_->setNumber(1);
    seed_->setNumber(1);
    connect(list_, &QListWidget::currentRowChanged, this, [this] {
        showSignal();
        if (!showing_)
            Q_EMIT edited();
    });
    connect(add_, &QPushButton::clicked, this, &GeneratorForm::add);
    connect(remove_, &QPushButton::clicked, this, &GeneratorForm::remove);
    connect(kind_, &QComboBox::currentIndexChanged, this, &GeneratorForm::signalEdited);
    for (QLineEdit* edit : {name_, static_cast<QLineEdit*>(min_), static_cast<QLineEdit*>(max_), static_cast<QLineEdit*>(period_),
                            static_cast<QLineEdit*>(outages_)})
        connect(edit, &QLineEdit::textChanged, this, &GeneratorForm::signalEdited);
    for (NumberEdit* edit : {interval_, seed_}) {
        connect(edit, &QLineEdit::textChanged, this, [this] {
            updatePreview();
            Q_EMIT edited();
        });
    }
    add();
}

void GeneratorForm::arrange()
{
    const auto withUnit = [this](NumberEdit* field, const QString& unit) {
        auto* row = new QHBoxLayout;
        row->addWidget(field);
        row->addWidget(new QLabel(unit, this));
        row->addStretch();
        return row;
    };
    const auto together = [this](NumberEdit* first, const QString& between, NumberEdit* second, const QString& after) {
        auto* row = new QHBoxLayout;
        row->addWidget(first);
        row->addWidget(new QLabel(between, this));
        row->addWidget(second);
        row->addWidget(new QLabel(after, this));
        row->addStretch();
        return row;
    };
    auto* fields = new QWidget(this);
    QFormLayout* signal = formIn(fields);
    const auto row = [&](const QString& label, QHBoxLayout* line, QWidget* buddy) {
        signal->addRow(label, line);
        qobject_cast<QLabel*>(signal->labelForField(line))->setBuddy(buddy);
    };
    signal->addRow(tr("Na&me"), name_);
    signal->addRow(tr("&Looks like"), kind_);
    row(tr("F&rom"), together(min_, tr("to"), max_, {}), min_);
    row(tr("&Period"), together(period_, tr("s, missing"), outages_, tr("% of the time")), period_);
    MessageLine* error = fieldError(fields);
    signal->addRow(error);
    signal->addRow(preview_);
    judged("/signals/*/name", name_, error, tr("Expected a name of 1 to 64 characters."));
    judged("/signals/*", name_, error, tr("Another signal has this name."));
    judged("/signals/*/min", min_, error, tr("Expected a number."));
    judged("/signals/*/max", max_, error, tr("Expected a number that is not below the least."));
    judged("/signals/*/period", period_, error, tr("Expected a time from 0.001 to 1,000,000,000 s."));
    judged("/signals/*/outages", outages_, error, tr("Expected a part from 0 to 100 %."));

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(add_);
    buttons->addWidget(remove_);
    auto* left = new QVBoxLayout;
    left->addWidget(list_, 1);
    left->addLayout(buttons);
    auto* both = new QHBoxLayout;
    both->setSpacing(metrics::mediumSpace);
    both->addLayout(left, 1);
    both->addWidget(fields, 2);
    QFormLayout* form = formIn(this);
    QHBoxLayout* every = withUnit(interval_, tr("s"));
    form->addRow(tr("A datapoint e&very"), every);
    qobject_cast<QLabel*>(form->labelForField(every))->setBuddy(interval_);
    MessageLine* intervalError = fieldError(this);
    form->addRow(QString(), intervalError);
    judged("/interval", interval_, intervalError, tr("Expected an interval from 0.01 to 86400 seconds."));
    QHBoxLayout* seed = withUnit(seed_, tr("the same seed makes the same values"));
    form->addRow(tr("See&d"), seed);
    qobject_cast<QLabel*>(form->labelForField(seed))->setBuddy(seed_);
    MessageLine* seedError = fieldError(this);
    form->addRow(QString(), seedError);
    judged("/seed", seed_, seedError, tr("Expected a whole number."));
    form->addRow(tr("Signals"), both);
}

void GeneratorForm::setSettings(const Json& settings)
{
    interval_->setNumber(numberOf(settings, "interval", 1));
    if (const auto seed = settings.find("seed"); seed != settings.end() && seed->is_number_integer())
        seed_->setText(QString::number(seed->get<std::int64_t>()));
    const auto given = settings.find("signals");
    if (given == settings.end() || !given->is_array())
        return;
    all_ = *given;
    showing_ = true;
    list_->clear();
    for (std::size_t i = 0; i < all_.size(); ++i) {
        list_->addItem(QString());
        updateRow(static_cast<int>(i));
    }
    showing_ = false;
    list_->setCurrentRow(0);
    showSignal();
}

Json GeneratorForm::settings(Json kept) const
{
    kept["interval"] = interval_->value();
    bool isWhole = false;
    const qlonglong seed = seed_->text().trimmed().toLongLong(&isWhole); // all its digits, which a double has not
    kept["seed"] = isWhole ? Json(std::int64_t(seed)) : wholeWhereItIs(seed_->value());
    kept["signals"] = all_;
    return kept;
}

QString GeneratorForm::showFault(const std::string& pointer)
{
    constexpr std::string_view start = "/signals/";
    const bool isSignal = pointer.compare(0, start.size(), start) == 0;
    const std::size_t end = isSignal ? std::min(pointer.find('/', start.size()), pointer.size()) : 0;
    faulty_ = isSignal ? QString::fromStdString(pointer.substr(start.size(), end - start.size())).toInt() : -1;
    for (int row = 0; row < list_->count(); ++row)
        list_->item(row)->setIcon(row == faulty_ ? icon(u"error", &Extras::danger) : QIcon());
    if (!isSignal)
        return SourceForm::showFault(pointer);
    if (faulty_ == list_->currentRow())
        return SourceForm::showFault(std::string(start) + "*" + pointer.substr(end));
    SourceForm::showFault({});
    return tr("Something is wrong with the signal “%1”.")
        .arg(toQt(all_[static_cast<std::size_t>(faulty_)].value("name", std::string())));
}

bool GeneratorForm::focusFault()
{
    if (faulty_ >= 0)
        list_->setCurrentRow(faulty_); // which is judged anew
    return SourceForm::focusFault();
}

void GeneratorForm::add()
{
    int number = static_cast<int>(all_.size());
    std::string name;
    do
        name = "signal" + std::to_string(++number);
    while (
        std::any_of(all_.begin(), all_.end(), [&](const Json& signal) { return signal.value("name", std::string()) == name; }));
    all_.push_back(
        {{"name", name}, {"kind", kinds.front()}, {"min", 0.0}, {"max", 100.0}, {"period", usualPeriod}, {"outages", 0.0}});
    list_->addItem(QString());
    updateRow(list_->count() - 1);
    list_->setCurrentRow(list_->count() - 1);
}

void GeneratorForm::remove()
{
    const int row = list_->currentRow();
    if (row < 0 || all_.size() < 2)
        return;
    all_.erase(static_cast<std::size_t>(row));
    showing_ = true;
    delete list_->takeItem(row);
    showing_ = false;
    showSignal();
    Q_EMIT edited();
}

bool GeneratorForm::isConstant() const
{
    return kind_->currentData() == QStringLiteral("constant");
}

void GeneratorForm::showSignal()
{
    if (showing_ || list_->currentRow() < 0)
        return;
    const Json& signal = all_[static_cast<std::size_t>(list_->currentRow())];
    showing_ = true;
    name_->setText(toQt(signal.value("name", std::string())));
    kind_->setCurrentIndex(std::max(0, kind_->findData(toQt(signal.value("kind", std::string())))));
    // What was typed and is no number is shown as it is.
    min_->setValue(signal.value("min", Json()), 0);
    max_->setValue(signal.value("max", Json()), std::max(1.0, numberOf(signal, "min", 0)));
    period_->setValue(signal.value("period", Json()), usualPeriod);
    const Json outages = signal.value("outages", Json());
    outages_->setValue(isNumber(outages) ? Json(numberIn(outages) * 100) : outages, 0);
    showing_ = false;
    setAllowed(remove_, all_.size() > 1, tr("A generator has one signal at least."));
    max_->setEnabled(!isConstant());
    updatePreview();
}

void GeneratorForm::signalEdited()
{
    if (showing_ || list_->currentRow() < 0)
        return;
    Json& signal = all_[static_cast<std::size_t>(list_->currentRow())];
    signal["name"] = fromQt(name_->text());
    signal["kind"] = fromQt(kind_->currentData().toString());
    signal["min"] = min_->value();
    if (isConstant())
        signal.erase("max"); // it has one value
    else
        signal["max"] = max_->value();
    signal["period"] = period_->value();
    const Json outages = outages_->value();
    signal["outages"] = isNumber(outages) ? Json(numberIn(outages) / 100) : outages;
    max_->setEnabled(!isConstant());
    updateRow(list_->currentRow());
    updatePreview();
    Q_EMIT edited();
}

void GeneratorForm::updateRow(int row)
{
    const Json& signal = all_[static_cast<std::size_t>(row)];
    list_->item(row)->setText(
        tr("%1 \u00b7 %2", "name of a signal, its kind")
            .arg(toQt(signal.value("name", std::string())), signalWord(signal.value("kind", std::string()))));
}

/// By the very code that makes the datapoints, from its first on.
void GeneratorForm::updatePreview()
{
    const int row = list_->currentRow();
    if (row < 0)
        return;
    Json one = settings(Json::object());
    one["signals"] = Json::array({all_[static_cast<std::size_t>(row)]});
    const Expected<SourceDraft> draft =
        sourceDraftFrom({{"name", "preview"}, {"kind", "generator"}, {"settings", one}}, FilePath::Refused);
    if (!draft)
        return preview_->setValues({}, 0);
    const generator::Generator generated(draft->settings);
    const double period = numberOf(one["signals"][0], "period", usualPeriod);
    const double seconds = std::max(previewPeriods * period, generated.interval() * previewPoints / 4);
    const double step = std::max(1.0, seconds / generated.interval() / previewPoints);
    std::vector<std::optional<double>> values;
    for (double tick = 0; tick * generated.interval() <= seconds; tick += step)
        values.push_back(generated.value(0, static_cast<std::uint64_t>(tick)));
    preview_->setValues(std::move(values), seconds);
}

} // namespace iotman::ui
