// Above all pages for as long as there is test weather, so that it does not stay on unnoticed.
#pragma once

#include "ui/look/messageline.h"
#include "ui/pages/session.h"

#include <QPointer>
#include <QTimeZone>

namespace iotman::ui {

class WeatherBanner : public MessageLine {
    Q_OBJECT

public:
    explicit WeatherBanner(QWidget* parent = nullptr);

    /// Whose weather; null: none. It may go before this does.
    void setSession(Session* session);
    void setZone(const QTimeZone& zone);

private:
    void update();
    void turnOff();

    QPointer<Session> session_;
    QString trouble_; ///< why it could not be turned off
    QTimeZone zone_ = QTimeZone::systemTimeZone();
};

} // namespace iotman::ui
