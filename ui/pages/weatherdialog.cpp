#include "ui/pages/weatherdialog.h"

#include "core/client/text.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/notelabel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

constexpr double usPerSecond = Timestamp::usPerSecond;
constexpr double perCent = 100;
constexpr std::int64_t usPerMinute = 60 * Timestamp::usPerSecond;

/// As many digits as the value has.
class NumberBox : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;
    QString textFromValue(double value) const override
    {
        constexpr int mostDigits = 16;
        QLocale plain = locale();
        plain.setNumberOptions(QLocale::OmitGroupSeparator);
        return plain.toString(value, 'g', mostDigits);
    }
};

QDoubleSpinBox* secondsBox(std::int64_t mostUs, QWidget* parent)
{
    auto* box = new NumberBox(parent);
    box->setRange(0, static_cast<double>(mostUs) / usPerSecond);
    box->setDecimals(6);
    box->setSingleStep(0.5);
    box->setSuffix(WeatherDialog::tr(" s", "seconds, behind a number"));
    return box;
}

QDoubleSpinBox* shareBox(QWidget* parent)
{
    auto* box = new NumberBox(parent);
    box->setRange(0, perCent);
    box->setDecimals(6);
    box->setSingleStep(5);
    box->setSuffix(WeatherDialog::tr(" %", "behind a number"));
    return box;
}

/// Fields and words side by side, as one field.
QWidget* row(const QList<QWidget*>& parts, QWidget* parent)
{
    auto* widget = new QWidget(parent);
    auto* line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::smallSpace);
    for (QWidget* part : parts)
        line->addWidget(part, qobject_cast<QLabel*>(part) ? 0 : 1);
    widget->setFocusProxy(parts.front());
    return widget;
}

std::int64_t usOf(const QDoubleSpinBox& seconds)
{
    return std::llround(seconds.value() * usPerSecond);
}

double secondsOf(std::int64_t us)
{
    return static_cast<double>(us) / usPerSecond;
}

} // namespace

WeatherDialog::WeatherDialog(Session& session, const std::optional<EndpointId>& chosen, QWidget* parent)
    : FormDialog(session, Action::TestWeather, tr("Test weather"), tr("Start weather"), parent)
    , endpoint_(new QComboBox(this))
    , leastDelay_(secondsBox(mostDelayUs, this))
    , mostDelay_(secondsBox(mostDelayUs, this))
    , errors_(shareBox(this))
    , status_(new QComboBox(this))
    , stalls_(shareBox(this))
    , expired_(shareBox(this))
    , cut_(secondsBox(mostCutAfterUs, this))
    , minutes_(new QSpinBox(this))
    , seed_(new NumberBox(this))
    , end_(new QPushButton(tr("Turn o&ff"), this))
{
    fillEndpoints(chosen);
    addFields();
    note_ = addNote();
    end_->setAutoDefault(false);
    end_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    addWidget(end_);
    connect(end_, &QPushButton::clicked, this, &WeatherDialog::end);
    connect(endpoint_, &QComboBox::currentIndexChanged, this, [this] {
        showWeather();
        update();
    });
    for (const QDoubleSpinBox* box : {leastDelay_, mostDelay_, errors_, stalls_, expired_, cut_})
        connect(box, &QDoubleSpinBox::valueChanged, this, &WeatherDialog::update);
    showWeather();
    update();
    endpoint_->setFocus();
}

void WeatherDialog::addFields()
{
    for (const int status : weatherStatuses)
        status_->addItem(QString::number(status), status);
    status_->setCurrentIndex(status_->findData(TestWeather().errorStatus));
    status_->setAccessibleName(tr("Status of the errors"));
    mostDelay_->setAccessibleName(tr("Longest delay"));
    leastDelay_->setAccessibleName(tr("Shortest delay"));
    errors_->setAccessibleName(tr("Share of errors"));
    cut_->setSpecialValueText(tr("never"));
    minutes_->setRange(1, static_cast<int>(mostWeatherUs / usPerMinute));
    minutes_->setValue(static_cast<int>(usualWeatherUs / usPerMinute));
    minutes_->setSuffix(tr(" min", "minutes, behind a number"));
    constexpr double greatestSeed = 9'007'199'254'740'991; // 2^53 - 1
    seed_->setDecimals(0);
    seed_->setRange(0, greatestSeed);
    seed_->setValue(static_cast<double>(TestWeather().seed));
    seed_->setToolTip(tr("The same seed brings the same weather, request by request."));
    addField(tr("&Endpoint"), endpoint_);
    addField(tr("&Delay of answers, and of streams before they begin"), row({leastDelay_, new QLabel(tr("to"), this), mostDelay_}, this));
    addField(tr("E&rrors instead of answers"), row({errors_, new QLabel(tr("with status"), this), status_}, this));
    addField(tr("&No answer, and streams that bring nothing"), stalls_);
    addField(tr("&Tokens that count as expired"), expired_);
    addField(tr("Streams are &cut after about"), cut_);
    addField(tr("&Lasts"), row({minutes_, new QLabel(tr("with seed"), this), seed_}, this));
    minutes_->setAccessibleName(tr("Lasts"));
    seed_->setAccessibleName(tr("Seed"));
}

void WeatherDialog::fillEndpoints(const std::optional<EndpointId>& chosen)
{
    for (const EndpointView& view : session().endpoints()) {
        const QString id = toQt(view.endpoint.id.text);
        const QString output = toQt(view.outputName.text);
        endpoint_->addItem(output == id ? id : tr("%1 · %2", "output, endpoint").arg(output, id), id);
        if (chosen && view.endpoint.id == *chosen)
            endpoint_->setCurrentIndex(endpoint_->count() - 1);
    }
}

EndpointId WeatherDialog::endpoint() const
{
    return EndpointId{fromQt(endpoint_->currentData().toString())};
}

const WeatherView* WeatherDialog::current() const
{
    for (const WeatherView& view : session().weather()) {
        if (view.endpoint == endpoint())
            return &view;
    }
    return nullptr;
}

void WeatherDialog::showWeather()
{
    const WeatherView* view = current();
    if (!view)
        return; // what was typed may be meant for this one
    const TestWeather& weather = view->weather;
    leastDelay_->setValue(secondsOf(weather.leastDelayUs));
    mostDelay_->setValue(secondsOf(weather.mostDelayUs));
    errors_->setValue(weather.errorRate * perCent);
    status_->setCurrentIndex(std::max(0, status_->findData(weather.errorStatus)));
    stalls_->setValue(weather.stallRate * perCent);
    expired_->setValue(weather.expiredRate * perCent);
    cut_->setValue(weather.cutAfterUs ? secondsOf(*weather.cutAfterUs) : 0);
    seed_->setValue(static_cast<double>(weather.seed));
}

WeatherDraft WeatherDialog::entered() const
{
    WeatherDraft draft;
    TestWeather& weather = draft.weather;
    weather.leastDelayUs = usOf(*leastDelay_);
    weather.mostDelayUs = usOf(*mostDelay_);
    weather.errorRate = errors_->value() / perCent;
    weather.errorStatus = status_->currentData().toInt();
    weather.stallRate = stalls_->value() / perCent;
    weather.expiredRate = expired_->value() / perCent;
    if (cut_->value() > 0)
        weather.cutAfterUs = usOf(*cut_);
    weather.seed = std::llround(seed_->value());
    draft.lastsUs = minutes_->value() * usPerMinute;
    return draft;
}

QString WeatherDialog::check()
{
    const WeatherView* view = current();
    note_->setText(view ? tr("This endpoint has test weather: it is counted anew when it is started again.")
                        : tr("Whoever reads the endpoint gets this, people and programs alike. It ends by itself, or when the server stops."));
    const Permit permit = session().permit(Action::TestWeather);
    setAllowed(end_, permit.allowed && view && !isSending(), !permit.allowed ? permit.reason
                                                             : isSending()   ? tr("It is being sent.")
                                                                             : tr("This endpoint has no test weather."));
    if (endpoint_->count() == 0)
        return tr("There is no endpoint yet.");
    if (leastDelay_->value() > mostDelay_->value())
        return tr("The shortest delay is longer than the longest.");
    if (entered().weather.isCalm())
        return tr("Say what shall happen.");
    return {};
}

QList<QWidget*> WeatherDialog::fields() const
{
    return {endpoint_, leastDelay_, mostDelay_, errors_, status_, stalls_, expired_, cut_, minutes_, seed_};
}

void WeatherDialog::send()
{
    sending();
    session().management().startWeather(endpoint(), entered(), this, session().noted<WeatherView>([this](const Expected<WeatherView>& begun) {
        if (!begun)
            return answered(begun.error());
        accept();
    }));
}

void WeatherDialog::end()
{
    sending(tr("Turn off weather"));
    session().management().endWeather(endpoint(), this, session().noted<void>([this](const Expected<void>& ended) {
        if (!ended)
            return answered(ended.error());
        accept();
    }));
}

QString weatherPlaces(const std::vector<WeatherView>& weather)
{
    if (weather.size() == 1)
        return WeatherDialog::tr("“%1”").arg(toQt(weather.front().endpoint.text));
    return WeatherDialog::tr("%n endpoint(s)", nullptr, static_cast<int>(weather.size()));
}

} // namespace iotman::ui
