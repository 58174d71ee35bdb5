// Test weather: what an endpoint shall suffer, and for how long.
#pragma once

#include "core/model/testweather.h"
#include "ui/pages/formdialog.h"

class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace iotman::ui {

class WeatherDialog : public FormDialog {
    Q_OBJECT

public:
    /// Begins with the endpoint `chosen`, where there is one of that id.
    WeatherDialog(Session& session, const std::optional<EndpointId>& chosen, QWidget* parent = nullptr);

protected:
    QString check() override;
    void send() override;
    QList<QWidget*> fields() const override;

private:
    void addFields();
    void fillEndpoints(const std::optional<EndpointId>& chosen);
    /// Shows what the chosen endpoint has, or what would begin.
    void showWeather();
    const WeatherView* current() const;
    EndpointId endpoint() const;
    WeatherDraft entered() const;
    void end();

    QComboBox* endpoint_;
    QDoubleSpinBox *leastDelay_, *mostDelay_; ///< seconds
    QDoubleSpinBox* errors_;                  ///< per cent, as those below
    QComboBox* status_;
    QDoubleSpinBox* stalls_;
    QDoubleSpinBox* expired_;
    QDoubleSpinBox* cut_; ///< seconds; 0: never
    QSpinBox* minutes_;
    QDoubleSpinBox* seed_; ///< whole
    QLabel* note_;
    QPushButton* end_;
};

/// “weather”, or “3 endpoints”: what has test weather.
QString weatherPlaces(const std::vector<WeatherView>& weather);

} // namespace iotman::ui
