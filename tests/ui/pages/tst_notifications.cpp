// Desktop notifications at a service on a real session bus: one of the tests' own. Run by with_keyring none.
#include "ui/pages/notifications.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QtTest/QtTest>

using namespace iotman::ui;

namespace {

const QString name = QStringLiteral("org.freedesktop.Notifications");
const QString path = QStringLiteral("/org/freedesktop/Notifications");

/// Takes the place of a desktop's service, on a connection of its own.
class FakeService : public QDBusVirtualObject {
public:
    QStringList capabilities{QStringLiteral("body"), QStringLiteral("body-markup")};
    QList<QVariantList> notified;

    FakeService()
    {
        bus_.registerVirtualObject(path, this);
        bus_.registerService(name);
    }
    ~FakeService() override
    {
        bus_.unregisterService(name);
        bus_.unregisterObject(path);
    }

    void click(uint id)
    {
        QDBusMessage signal = QDBusMessage::createSignal(path, name, QStringLiteral("ActionInvoked"));
        signal.setArguments({id, QStringLiteral("default")});
        bus_.send(signal);
    }

    QString introspect(const QString&) const override { return {}; }
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override
    {
        if (message.member() == u"GetCapabilities") {
            connection.send(message.createReply(capabilities));
        } else if (message.member() == u"Notify") {
            notified << message.arguments();
            const uint replaced = message.arguments().value(1).toUInt();
            connection.send(message.createReply(replaced > 0 ? replaced : 40 + static_cast<uint>(notified.size())));
        }
        return true;
    }

private:
    QDBusConnection bus_ = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("service"));
};

} // namespace

class TestNotifications : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theyAreThereWhileTheServiceIs()
    {
        QVERIFY(QDBusConnection::sessionBus().isConnected());
        DesktopNotifications notifications;
        QTest::qWait(200);
        QVERIFY(!notifications.isAvailable());
        {
            FakeService service;
            QTRY_VERIFY(notifications.isAvailable());
        }
        QTRY_VERIFY(!notifications.isAvailable());
        notifications.show({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("high")}); // goes nowhere
    }

    void oneOfTheSameSubjectTakesThePlaceOfTheOneBefore()
    {
        FakeService service;
        DesktopNotifications notifications;
        QTRY_VERIFY(notifications.isAvailable());
        notifications.show({QStringLiteral("connection"), QStringLiteral("plant is out of reach"), QStringLiteral("soon")});
        QTRY_COMPARE(service.notified.size(), qsizetype(1));
        QTest::qWait(100); // its number comes back
        notifications.show({QStringLiteral("monitor"), QStringLiteral("Alarm"), QStringLiteral("high")});
        notifications.show({QStringLiteral("connection"), QStringLiteral("plant is back"), QStringLiteral("now")});
        QTRY_COMPARE(service.notified.size(), qsizetype(3));
        QCOMPARE(service.notified.at(0).value(1).toUInt(), 0U);
        QCOMPARE(service.notified.at(1).value(1).toUInt(), 0U);
        QCOMPARE(service.notified.at(2).value(1).toUInt(), 41U);
        QCOMPARE(service.notified.at(2).value(3).toString(), QStringLiteral("plant is back"));
    }

    void whatLooksLikeMarkupIsShownAsItIs_data()
    {
        QTest::addColumn<bool>("readsMarkup");
        QTest::addColumn<QString>("sent");
        QTest::newRow("a service that reads markup") << true << QStringLiteral("t &lt; 4 &amp; falling");
        QTest::newRow("one that does not") << false << QStringLiteral("t < 4 & falling");
    }
    void whatLooksLikeMarkupIsShownAsItIs()
    {
        QFETCH(bool, readsMarkup);
        QFETCH(QString, sent);
        FakeService service;
        if (!readsMarkup)
            service.capabilities.removeLast();
        DesktopNotifications notifications;
        QTRY_VERIFY(notifications.isAvailable());
        notifications.show({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("t < 4 & falling")});
        QTRY_COMPARE(service.notified.size(), qsizetype(1));
        QCOMPARE(service.notified.first().value(4).toString(), sent);
    }

    void onlyAClickOnOnesOwnCounts()
    {
        FakeService service;
        DesktopNotifications notifications;
        QTRY_VERIFY(notifications.isAvailable());
        QSignalSpy clicks(&notifications, &Notifications::clicked);
        notifications.show({QStringLiteral("x"), QStringLiteral("Alarm"), QStringLiteral("high")});
        QTRY_COMPARE(service.notified.size(), qsizetype(1));
        QTest::qWait(100);
        service.click(7);
        service.click(41);
        QTRY_COMPARE(clicks.size(), qsizetype(1));
    }
};

QTEST_GUILESS_MAIN(TestNotifications)
#include "tst_notifications.moc"
