#include "core/mirror/mirrorposition.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::mirror;

class TestMirrorPosition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotedIsReadAgain()
    {
        const MirrorPosition noted{"https://far.example/data/out/w",
                                   true,
                                   "https://far.example/data/out/w?cursor=p1&times=1",
                                   "s1",
                                   1000,
                                   {1'700'000'000'000'001},
                                   {"{\"a\":1.10}", "\"온도\""},
                                   {"{\"a\":2}"},
                                   {-5}};
        QVERIFY(MirrorPosition::from(noted.text(), noted.url) == noted);
        QCOMPARE(noted.arrivalOfNext().us, std::int64_t(1'699'999'999'999'001));
    }

    void anotherEndpointOrADamagedNoteBeginsAnew()
    {
        MirrorPosition noted;
        noted.url = "https://far.example/data/out/w";
        noted.begun = true;
        noted.live = "s1";
        MirrorPosition fresh;
        fresh.url = "https://far.example/data/out/other";
        QVERIFY(MirrorPosition::from(noted.text(), fresh.url) == fresh);
        for (const char* damaged : {"", "{", "[]", "{\"url\":5}", "{\"url\":\"https://far.example/data/out/other\",\"begun\":3}"})
            QVERIFY2(MirrorPosition::from(damaged, fresh.url) == fresh, damaged);
    }

    void aNoteHoldsTheEndOfAPageAndNoMore()
    {
        std::vector<std::string> items(500, "1");
        items.back() = "2";
        QCOMPARE(noteableTail(items).size(), std::size_t(100));
        QVERIFY(noteableTail(items).back() == "2");
        items[498] = std::string(mostNotedBytes, 'x');
        QVERIFY(noteableTail(items) == std::vector<std::string>{"2"});
        items[499] = std::string(mostNotedBytes + 1, 'x');
        QVERIFY(noteableTail(items).empty());
    }
};

QTEST_APPLESS_MAIN(TestMirrorPosition)
#include "tst_mirrorposition.moc"
