// What people are told of while they look elsewhere.
#include "tests/ui/pages/desk.h"
#include "ui/pages/notifier.h"
#include "ui/pages/tray.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

class FakeNotifications : public Notifications {
public:
    bool available = true;
    QList<Notice> shown;

    bool isAvailable() const override { return available; }
    void show(const Notice& notice) override { shown << notice; }
    void become(bool now)
    {
        available = now;
        Q_EMIT availableChanged();
    }
    void click() { Q_EMIT clicked(); }
};

struct Told {
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    QWidget window;
    QAction quit;
    Tray tray{&window, &quit, settings};
    FakeNotifications* notifications = new FakeNotifications;
    Notifier notifier{&window, tray, settings, notifications};
};

ConnectionState in(Phase phase)
{
    return {phase, std::nullopt, QStringLiteral("SENTINEL of the server")};
}

} // namespace

class TestNotifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWorthTelling_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("now");
        QTest::addColumn<QString>("title");
        const auto row = [](const char* name, Phase before, Phase now, const QString& title) {
            QTest::newRow(name) << int(before) << int(now) << title;
        };
        row("lost", Phase::Running, Phase::Offline, QStringLiteral("plant is out of reach"));
        row("back", Phase::Offline, Phase::Running, QStringLiteral("plant is back"));
        row("the key is not taken any more", Phase::Running, Phase::SignInNeeded, QStringLiteral("plant needs a sign-in"));
        row("back, but the key is not taken", Phase::Offline, Phase::SignInNeeded, QStringLiteral("plant needs a sign-in"));
        row("another program answers", Phase::Running, Phase::Failed, QStringLiteral("plant does not answer as it should"));
        row("who connects looks at it", Phase::Connecting, Phase::Offline, {});
        row("the same, well", Phase::Connecting, Phase::Running, {});
        row("still away", Phase::Offline, Phase::Offline, {});
    }
    void whatIsWorthTelling()
    {
        QFETCH(int, before);
        QFETCH(int, now);
        QFETCH(QString, title);
        const auto notice = noticeOf(in(static_cast<Phase>(before)), in(static_cast<Phase>(now)), QStringLiteral("plant"));
        QCOMPARE(notice ? notice->title : QString(), title);
        QVERIFY(!notice || !notice->text.contains(QStringLiteral("SENTINEL")));
    }

    void nothingIsToldUnlessSomebodyAllowsIt()
    {
        Told told;
        told.notifier.tell({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("high")});
        QCOMPARE(told.notifications->shown.size(), qsizetype(0));
        told.notifier.action()->trigger();
        told.notifier.tell({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("high")});
        QCOMPARE(told.notifications->shown.size(), qsizetype(1));
        // It is remembered.
        Notifier next(&told.window, told.tray, told.settings, new FakeNotifications);
        QVERIFY(next.isOn());
    }

    void whereADesktopHasNoneTheChoiceSaysSo()
    {
        Told told;
        told.notifier.action()->trigger();
        told.notifications->become(false);
        QVERIFY(!told.notifier.isOn());
        QVERIFY(!told.notifier.action()->isEnabled());
        QVERIFY(told.notifier.action()->toolTip().contains(QStringLiteral("no notifications")));
        told.notifier.tell({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("high")});
        QCOMPARE(told.notifications->shown.size(), qsizetype(0));
        told.notifications->become(true);
        QVERIFY(told.notifier.isOn());
    }

    void aConnectionThatIsLostAndComesBackIsTold()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        Told told;
        told.notifier.action()->trigger();
        told.notifier.watch(*desk.window->session());
        desk.workspace.down = true;
        desk.window->session()->refresh();
        QTRY_COMPARE(told.notifications->shown.size(), qsizetype(1));
        desk.workspace.down = false;
        desk.window->session()->refresh();
        QTRY_COMPARE(told.notifications->shown.size(), qsizetype(2));
        const QString name = desk.window->session()->connection().name;
        QCOMPARE(told.notifications->shown.first().title, QString(name + QStringLiteral(" is out of reach")));
        QCOMPARE(told.notifications->shown.last().title, QString(name + QStringLiteral(" is back")));
        QCOMPARE(told.notifications->shown.first().about, told.notifications->shown.last().about);
        desk.window.reset();
    }

    void aClickIsHandedOn()
    {
        Told told;
        QSignalSpy clicks(&told.notifier, &Notifier::clicked);
        told.notifications->click();
        QCOMPARE(clicks.size(), qsizetype(1));
    }

    void theChoiceStandsInTheViewMenuAndIsOff()
    {
        Desk desk;
        QVERIFY(!desk.window->notifier().isOn());
        QVERIFY(!desk.window->notifier().action()->isChecked());
    }
};

QTEST_MAIN(TestNotifier)
#include "tst_notifier.moc"
