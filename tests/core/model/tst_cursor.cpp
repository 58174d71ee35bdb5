#include "core/model/cursor.h"
#include "tests/core/model/support.h"

#include <QRandomGenerator>

using namespace iotman;
using namespace iotman::test;

namespace {

const EndpointId here{"weather"};
const EndpointId elsewhere{"traffic"};

const PageCursor page{{Timestamp{1'700'000'000'000'007}, 42}};
const StreamCursor live{7, 0, {Timestamp::min(), 0}};
const StreamCursor replay{3, 900, {Timestamp{-500'000}, 17}};

} // namespace

class TestCursor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cursorsSurviveTheWay()
    {
        constexpr quint32 seed = 20240131;
        QRandomGenerator64 generator(seed);
        static const QRegularExpression unreserved(QStringLiteral("^[ps][A-Za-z0-9._~-]+$"));
        for (int round = 0; round < 5000; ++round) {
            const QString where = QStringLiteral("seed %1, round %2").arg(seed).arg(round);
            const Position position{Timestamp{static_cast<std::int64_t>(generator.generate())}, generator.generate()};
            const PageCursor one{position};
            const PageCursor bounded{position, generator.generate() | 1};
            const StreamCursor two{generator.generate(), generator.generate() | 1, position};
            const StreamCursor three{generator.generate(), 0, {Timestamp::min(), 0}};
            QVERIFY2(PageCursor::parse(one.text(here), here) == one, qPrintable(where));
            QVERIFY2(PageCursor::parse(bounded.text(here), here) == bounded, qPrintable(where));
            QVERIFY2(StreamCursor::parse(two.text(here), here) == two, qPrintable(where));
            QVERIFY2(StreamCursor::parse(three.text(here), here) == three, qPrintable(where));
            for (const std::string& text : {one.text(here), bounded.text(here), two.text(here), three.text(here)})
                QVERIFY2(unreserved.match(QString::fromStdString(text)).hasMatch(), qPrintable(where));
        }
    }

    void theEndsOfTimeSurviveTheWay()
    {
        for (const Timestamp time : {Timestamp::min(), Timestamp::max(), Timestamp{0}, Timestamp{-1}}) {
            const PageCursor cursor{Position::before(time)};
            QVERIFY(PageCursor::parse(cursor.text(here), here) == cursor);
        }
    }

    void aDamagedCursorIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        const std::string pageText = page.text(here);
        const std::string liveText = live.text(here);
        const auto row = [](const char* name, const std::string& text) { QTest::newRow(name) << bytes(text); };
        row("something behind it (paging-5)", pageText + "!");
        row("a letter behind it", pageText + "A");
        row("a blank in front", " " + pageText);
        row("its first half (paging-5)", pageText.substr(0, pageText.size() / 2));
        row("its letter alone", "p");
        row("a stream's letter alone", "s");
        row("empty (paging-5)", "");
        row("10 kB of A (paging-5)", std::string(10'000, 'A'));
        row("10 kB of A behind the letter", "p" + std::string(10'000, 'A'));
        row("10 kB of A behind a stream's letter", "s" + std::string(10'000, 'A'));
        row("a number", "42");
        row("another endpoint's (paging-5)", page.text(elsewhere));
        row("another endpoint's stream (paging-5)", live.text(elsewhere));
        row("the other letter", "s" + pageText.substr(1));
        row("the other letter before a stream's", "p" + liveText.substr(1));
        row("upper case", "P" + pageText.substr(1));
        row("padding", pageText + "=");
        row("bytes that are no text", std::string("p\xff\0\x80", 4));
        row("twice", pageText + pageText);
        row("no words at all", "p" + base64Url(std::string(4, '\0')));
    }
    void aDamagedCursorIsRefused()
    {
        QFETCH(QByteArray, text);
        const auto asPage = PageCursor::parse(text.toStdString(), here);
        const auto asStream = StreamCursor::parse(text.toStdString(), here);
        QVERIFY(!asPage);
        QVERIFY(!asStream);
        QCOMPARE(told(asPage),
                 QByteArray("cursor: cursor: expected the cursor of a next_page link of this endpoint, unchanged; start again "
                            "without a cursor"));
        QCOMPARE(
            told(asStream),
            QByteArray(
                "cursor: cursor: expected the cursor of a stream of this endpoint, unchanged; start again without a cursor"));
        QCOMPARE(asPage.error().kind, Problem::BadRequest);
    }

    void theWrongKindIsRefused()
    {
        QVERIFY(!PageCursor::parse(live.text(here), here));
        QVERIFY(!PageCursor::parse(replay.text(here), here));
        QVERIFY(!StreamCursor::parse(page.text(here), here));
    }

    void anIdThatOnlyContinuesIsAnotherEndpoint()
    {
        // "ab" + "p…" is not "a" + "bp…".
        QVERIFY(!PageCursor::parse(page.text(EndpointId{"ab"}), EndpointId{"a"}));
        QVERIFY(!PageCursor::parse(page.text(EndpointId{"weather"}), EndpointId{"Weather"}));
    }

    void noFlippedBitPasses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a page's (paging-5)") << bytes(page.text(here));
        QTest::newRow("a page's whose walk has a greatest sequence") << bytes(PageCursor{page.position, 900}.text(here));
        QTest::newRow("a live stream's") << bytes(live.text(here));
        QTest::newRow("a replaying stream's") << bytes(replay.text(here));
    }
    void noFlippedBitPasses()
    {
        QFETCH(QByteArray, text);
        for (int i = 0; i < text.size() * 8; ++i) {
            QByteArray flipped = text;
            flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
            const auto asPage = PageCursor::parse(flipped.toStdString(), here);
            const auto asStream = StreamCursor::parse(flipped.toStdString(), here);
            QVERIFY2(!asPage && !asStream, qPrintable(QStringLiteral("bit %1").arg(i)));
            QCOMPARE(asPage.error().field, std::string("cursor"));
            QCOMPARE(asStream.error().field, std::string("cursor"));
        }
    }

    void positionsOrderByTimeThenSequence()
    {
        QVERIFY((Position{Timestamp{1}, 9} < Position{Timestamp{2}, 1}));
        QVERIFY((Position{Timestamp{2}, 1} < Position{Timestamp{2}, 2}));
        QVERIFY((Position::before(Timestamp{2}) < Position{Timestamp{2}, 1}));
        QVERIFY((Position{Timestamp{1}, 9} < Position::before(Timestamp{2})));
        QVERIFY((Position{Timestamp{-1}, 9} < Position{Timestamp{0}, 1}));
    }

    void aStreamIsLiveOnceNothingIsLeftToReplay()
    {
        QVERIFY(live.isLive());
        QVERIFY(!replay.isLive());
        QVERIFY(StreamCursor{}.isLive());
    }
};

QTEST_APPLESS_MAIN(TestCursor)
#include "tst_cursor.moc"
