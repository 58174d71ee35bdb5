#include "ui/pages/weatherbanner.h"

#include "ui/look/reasonedaction.h"
#include "ui/pages/weatherdialog.h"
#include "ui/pages/words.h"

#include <QPushButton>

#include <algorithm>

namespace iotman::ui {

WeatherBanner::WeatherBanner(QWidget* parent)
    : MessageLine(parent)
{
    hide();
    connect(this, &MessageLine::buttonClicked, this, &WeatherBanner::turnOff);
}

void WeatherBanner::setSession(Session* session)
{
    session_ = session;
    trouble_.clear();
    if (session) {
        connect(session, &Session::listsChanged, this, &WeatherBanner::update);
        connect(session, &Session::roleChanged, this, &WeatherBanner::update);
        connect(session, &Session::stateChanged, this, &WeatherBanner::update);
    }
    update();
}

void WeatherBanner::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    update();
}

void WeatherBanner::update()
{
    const bool isOn = session_ && !session_->weather().empty();
    setVisible(isOn);
    if (!isOn)
        return;
    const std::vector<WeatherView>& weather = session_->weather();
    const auto last = std::max_element(weather.begin(), weather.end(), [](const auto& a, const auto& b) { return a.until < b.until; });
    const QString until = momentWord(last->until, {session_->clock().now(), zone_, locale()});
    setMessage(Kind::Warning, tr("answers of %1 come late or fail on purpose until %2.", "endpoints, time").arg(weatherPlaces(weather), until) +
                                  (trouble_.isEmpty() ? QString() : u' ' + tr("It could not be turned off: %1").arg(trouble_)),
               tr("Test weather:"));
    setButton(tr("Turn off"));
    const Permit permit = session_->permit(Action::TestWeather);
    setAllowed(button(), permit.allowed, permit.reason);
}

void WeatherBanner::turnOff()
{
    if (!session_)
        return;
    trouble_.clear();
    for (const WeatherView& view : session_->weather()) {
        session_->management().endWeather(view.endpoint, this, session_->noted<void>([this](const Expected<void>& ended) {
            // What had ended by itself is no trouble.
            if (!ended && ended.error().kind != Problem::NotFound)
                trouble_ = errorText(ended.error());
            update();
        }));
    }
}

} // namespace iotman::ui
