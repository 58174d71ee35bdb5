// Test weather in the window: who may start it, what is sent, and that nobody overlooks it.
#include "tests/ui/pages/desk.h"
#include "ui/pages/weatherbanner.h"
#include "ui/pages/weatherdialog.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

template <class T>
T* named(const QWidget* parent, const QString& name)
{
    for (T* widget : parent->findChildren<T*>()) {
        if (widget->accessibleName() == name)
            return widget;
    }
    return nullptr;
}

struct WeatherDesk : Desk {
    using Desk::Desk;
    WeatherDialog* ask(const char* endpoint)
    {
        auto* opened = new WeatherDialog(*window->session(), EndpointId{endpoint}, window.get());
        opened->setAttribute(Qt::WA_DeleteOnClose);
        opened->open();
        return opened;
    }
    WeatherBanner* banner() const { return window->findChild<WeatherBanner*>(); }
    void addWeather(const char* endpoint)
    {
        WeatherView view;
        view.endpoint = EndpointId{endpoint};
        view.weather.errorRate = 0.25;
        view.weather.errorStatus = 502;
        view.weather.seed = 9;
        view.until = Timestamp{clock.now().us + 3'600'000'000};
        workspace.weather.push_back(view);
        window->session()->refresh();
    }
};

} // namespace

class TestWeatherDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void weatherIsStartedAsItIsTyped()
    {
        WeatherDesk desk;
        QVERIFY(desk.loaded());
        QVERIFY(!desk.banner()->isVisible());
        WeatherDialog* dialog = desk.ask("new-york");
        QVERIFY(!defaultButton(dialog)->isEnabled());
        QCOMPARE(defaultButton(dialog)->toolTip(), QStringLiteral("Say what shall happen."));
        QCOMPARE(named<QComboBox>(dialog, QStringLiteral("Status of the errors"))->currentText(), QStringLiteral("503"));
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Seed"))->value(), 1.0);
        named<QDoubleSpinBox>(dialog, QStringLiteral("Shortest delay"))->setValue(2);
        QCOMPARE(defaultButton(dialog)->toolTip(), QStringLiteral("The shortest delay is longer than the longest."));
        named<QDoubleSpinBox>(dialog, QStringLiteral("Longest delay"))->setValue(2.5);
        named<QDoubleSpinBox>(dialog, QStringLiteral("Share of errors"))->setValue(12.5);
        named<QComboBox>(dialog, QStringLiteral("Status of the errors"))->setCurrentText(QStringLiteral("504"));
        named<QDoubleSpinBox>(dialog, QStringLiteral("Seed"))->setValue(42);
        QVERIFY(defaultButton(dialog)->isEnabled());
        defaultButton(dialog)->click();
        QTRY_COMPARE(desk.workspace.weather.size(), std::size_t(1));
        const WeatherView& begun = desk.workspace.weather.front();
        QCOMPARE(begun.endpoint, EndpointId{"new-york"});
        QCOMPARE(begun.weather.leastDelayUs, std::int64_t(2'000'000));
        QCOMPARE(begun.weather.mostDelayUs, std::int64_t(2'500'000));
        QCOMPARE(begun.weather.errorRate, 0.125);
        QCOMPARE(begun.weather.errorStatus, 504);
        QCOMPARE(begun.weather.seed, std::int64_t(42));
        QVERIFY(!begun.weather.cutAfterUs);
        QCOMPARE(desk.workspace.weatherLastsUs, std::optional(usualWeatherUs));
        QTRY_VERIFY(desk.banner()->isVisible());
        QVERIFY2(desk.banner()->text().contains(QStringLiteral("new-york")), qPrintable(desk.banner()->text()));
    }

    void theBannerStaysUntilItIsTurnedOff()
    {
        WeatherDesk desk;
        QVERIFY(desk.loaded());
        desk.addWeather("seattle");
        desk.addWeather("new-york");
        QTRY_VERIFY(desk.banner()->isVisible());
        QTRY_VERIFY2(desk.banner()->text().contains(QStringLiteral("2 endpoint")), qPrintable(desk.banner()->text()));
        for (const PageId id : {PageId::Outputs, PageId::Cors}) {
            desk.window->showPage(id);
            QVERIFY(desk.banner()->isVisible());
        }
        desk.banner()->button()->click();
        QTRY_VERIFY(desk.workspace.weather.empty());
        QTRY_VERIFY(!desk.banner()->isVisible());
    }

    void whatAnEndpointHasIsShownAndCanBeTurnedOff()
    {
        WeatherDesk desk;
        QVERIFY(desk.loaded());
        desk.addWeather("seattle");
        QTRY_VERIFY(desk.banner()->isVisible());
        WeatherDialog* dialog = desk.ask("seattle");
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Share of errors"))->value(), 25.0);
        QCOMPARE(named<QComboBox>(dialog, QStringLiteral("Status of the errors"))->currentText(), QStringLiteral("502"));
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Seed"))->value(), 9.0);
        auto* endpoint = dialog->findChild<QComboBox*>();
        endpoint->setCurrentIndex(1 - endpoint->currentIndex());
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Share of errors"))->value(), 25.0); // what is typed stays
        QVERIFY(!buttonNamed(dialog, QStringLiteral("Turn off"))->isEnabled());
        endpoint->setCurrentIndex(1 - endpoint->currentIndex());
        buttonNamed(dialog, QStringLiteral("Turn off"))->click();
        QTRY_VERIFY(desk.workspace.weather.empty());
    }

    void whatWasMadeElsewhereKeepsItsDigits()
    {
        WeatherDesk desk;
        QVERIFY(desk.loaded());
        desk.addWeather("seattle");
        desk.workspace.weather.front().weather.errorRate = 0.0004;
        desk.workspace.weather.front().weather.leastDelayUs = desk.workspace.weather.front().weather.mostDelayUs = 250'000;
        desk.workspace.weather.front().weather.seed = 9'007'199'254'740'991;
        QTRY_VERIFY(desk.banner()->isVisible());
        WeatherDialog* dialog = desk.ask("seattle");
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Share of errors"))->text(), QStringLiteral("0.04 %"));
        QCOMPARE(named<QDoubleSpinBox>(dialog, QStringLiteral("Longest delay"))->text(), QStringLiteral("0.25 s"));
        defaultButton(dialog)->click();
        QTRY_VERIFY(desk.workspace.weatherLastsUs);
        const TestWeather& sent = desk.workspace.weather.front().weather;
        QCOMPARE(sent.errorRate, 0.0004);
        QCOMPARE(sent.leastDelayUs, std::int64_t(250'000));
        QCOMPARE(sent.seed, std::int64_t(9'007'199'254'740'991));
    }

    void whatCannotBeTurnedOffSaysWhy()
    {
        WeatherDesk desk;
        QVERIFY(desk.loaded());
        desk.addWeather("seattle");
        QTRY_VERIFY(desk.banner()->isVisible());
        QTRY_VERIFY(desk.banner()->button()->isEnabled());
        desk.workspace.refusesWeather = true;
        desk.banner()->button()->click();
        QTRY_VERIFY2(desk.banner()->text().contains(QStringLiteral("could not be turned off")), qPrintable(desk.banner()->text()));
        QVERIFY(!desk.workspace.weather.empty());
    }

    void aServerThatKnowsNoWeatherHasNone()
    {
        WeatherDesk desk;
        desk.workspace.knowsWeather = false;
        QVERIFY(desk.loaded());
        QVERIFY(desk.window->session()->weather().empty());
        QCOMPARE(desk.window->session()->state().phase, Phase::Running);
    }

    void aViewerSeesTheBannerAndMayNotTurnItOff()
    {
        WeatherDesk desk(Role::Viewer);
        QVERIFY(desk.loaded());
        desk.addWeather("seattle");
        QTRY_VERIFY(desk.banner()->isVisible());
        QTRY_VERIFY(!desk.banner()->button()->isEnabled());
        QCOMPARE(desk.banner()->button()->toolTip(), QStringLiteral("Requires Editor or Admin role."));
        WeatherDialog* dialog = desk.ask("seattle");
        QCOMPARE(defaultButton(dialog)->toolTip(), QStringLiteral("Requires Editor or Admin role."));
        QVERIFY(!buttonNamed(dialog, QStringLiteral("Turn off"))->isEnabled());
    }
};

QTEST_MAIN(TestWeatherDialog)
#include "tst_weatherdialog.moc"
