#include "core/server/connectioncount.h"

#include <QtTest/QtTest>

using namespace iotman::server;

class TestConnectionCount : public QObject {
    Q_OBJECT

    using Place = ConnectionCount::Place;

private Q_SLOTS:
    void anAddressThatHasItsShareLeavesRoomForOthers()
    {
        ConnectionCount count({4, 2});
        const std::optional<Place> first = count.take("10.0.0.1", false);
        const std::optional<Place> second = count.take("10.0.0.1", false);
        QVERIFY(first && second);
        QVERIFY(!count.take("10.0.0.1", false));
        QVERIFY(count.take("10.0.0.2", false));
        QCOMPARE(count.total(), 2);
    }

    void aProxyStandsForManyAndOnlyTheTotalCounts()
    {
        ConnectionCount count({3, 1});
        std::vector<Place> places;
        for (int i = 0; i < 3; ++i)
            places.push_back(std::move(*count.take("10.0.0.9", true)));
        QVERIFY(count.isFull());
    }

    void aPlaceIsFreeOnceItsHolderIsGoneWhereverItWasHandedTo()
    {
        ConnectionCount count({2, 1});
        std::optional<Place> place = count.take("::1", false);
        QVERIFY(place);
        Place elsewhere = std::move(*place);
        place.reset();
        QCOMPARE(count.total(), 1);
        QVERIFY(!count.take("::1", false));
        elsewhere = Place();
        QCOMPARE(count.total(), 0);
        QVERIFY(count.take("::1", false));
    }

    void aPlaceMayOutliveTheCount()
    {
        std::optional<Place> place;
        {
            ConnectionCount count;
            place = count.take("::1", false);
        }
        QVERIFY(place);
        place.reset();
    }
};

QTEST_GUILESS_MAIN(TestConnectionCount)
#include "tst_connectioncount.moc"
