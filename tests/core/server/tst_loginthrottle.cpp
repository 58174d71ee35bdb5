#include "core/server/loginthrottle.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

class TestLoginThrottle : public QObject {
    Q_OBJECT

    static Timestamp at(std::int64_t seconds) { return {seconds * 1'000'000}; }

private Q_SLOTS:
    void afterFiveFailuresEachTryWaitsTwiceAsLongUpToAMinute()
    {
        LoginThrottle throttle;
        std::int64_t now = 1000;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!throttle.wait("id", "1.2.3.4", at(now)));
            throttle.failed("id", "1.2.3.4", at(now));
        }
        for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
            QCOMPARE(throttle.wait("id", "9.9.9.9", at(now)).value_or(0), expected);
            now += expected;
            QVERIFY(!throttle.wait("id", "9.9.9.9", at(now)));
            throttle.failed("id", "9.9.9.9", at(now));
        }
    }

    void allSpellingsOfAnAddressAreOneId()
    {
        LoginThrottle throttle;
        int source = 0;
        for (const char* id : {"ada@example.com", "Ada@example.com", "aDa@example.com", "ADA@EXAMPLE.COM", "ada@Example.com"})
            throttle.failed(id, std::to_string(++source), at(1000));
        QVERIFY(throttle.wait("adA@example.com", "elsewhere", at(1000)));
    }

    void whatNobodyCanBeCalledIsNotRemembered()
    {
        LoginThrottle throttle;
        const std::string endless(23'000, 'x');
        for (int i = 0; i < 5; ++i)
            throttle.failed(endless, std::to_string(i), at(1000));
        QVERIFY(!throttle.wait(endless, "elsewhere", at(1000)));
        for (int i = 0; i < 5; ++i)
            throttle.failed(endless, "1.2.3.4", at(1000));
        QVERIFY(throttle.wait(endless, "1.2.3.4", at(1000))); // its sender is
    }

    /// A flood of others does not let them go.
    void whoWaitsIsForgottenAfterThoseWhoDoNot()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 12; ++i)
            throttle.failed("id", "1.2.3.4", at(1070));
        for (int i = 0; i < 20'000; ++i)
            throttle.failed("new" + std::to_string(i), "new" + std::to_string(i), at(1071));
        QVERIFY(throttle.wait("id", "elsewhere", at(1072)));
    }

    void clientsWhoseIdsDifferInLettersAreTwo()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 5; ++i)
            throttle.failed("dash", std::to_string(i), at(1000));
        throttle.succeeded("DASH");
        QVERIFY(throttle.wait("dash", "elsewhere", at(1000)));
        QVERIFY(!throttle.wait("DASH", "elsewhere", at(1000)));
    }

    void anAddressIsSlowedWhateverIdItTries()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 5; ++i)
            throttle.failed("id" + std::to_string(i), "1.2.3.4", at(1000));
        QVERIFY(throttle.wait("another", "1.2.3.4", at(1000)));
        QVERIFY(!throttle.wait("another", "5.6.7.8", at(1000)));
    }

    void failuresAreForgottenAfterAMinute()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 4; ++i)
            throttle.failed("id", "1.2.3.4", at(1000));
        throttle.failed("id", "1.2.3.4", at(1061));
        QVERIFY(!throttle.wait("id", "1.2.3.4", at(1061)));
    }

    void whoGoesOnAsSoonAsItMayWaitsAMinuteEachTime()
    {
        LoginThrottle throttle;
        std::int64_t now = 1000;
        for (int i = 0; i < 20; ++i) {
            throttle.failed("id", "1.2.3.4", at(now));
            now += throttle.wait("id", "1.2.3.4", at(now)).value_or(0) + 1;
        }
        throttle.failed("id", "1.2.3.4", at(now));
        QCOMPARE(throttle.wait("id", "1.2.3.4", at(now)).value_or(0), 60);
    }

    void failuresThatAreFarApartAreNoGuessing()
    {
        LoginThrottle throttle;
        for (std::int64_t now = 1000; now < 2000; now += 40) {
            QVERIFY(!throttle.wait("id", "1.2.3.4", at(now)));
            throttle.failed("id", "1.2.3.4", at(now));
        }
    }

    void aSuccessClearsTheId()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 5; ++i)
            throttle.failed("id", std::to_string(i), at(1000));
        QVERIFY(throttle.wait("id", "x", at(1000)));
        throttle.succeeded("id");
        QVERIFY(!throttle.wait("id", "x", at(1000)));
    }

    void whatIsRememberedIsBounded()
    {
        LoginThrottle throttle;
        for (int i = 0; i < 25'000; ++i)
            throttle.failed("id" + std::to_string(i), "1.2.3.4", at(1000 + i));
        QVERIFY(throttle.wait("id", "1.2.3.4", at(1000 + 25'000 - 1)));
    }
};

QTEST_APPLESS_MAIN(TestLoginThrottle)
#include "tst_loginthrottle.moc"
