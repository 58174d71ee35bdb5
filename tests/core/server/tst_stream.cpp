// One reader of a stream, without sockets: what it gets, when it is behind, when it must go.
#include "core/client/serverevents.h"
#include "core/model/json.h"
#include "core/server/stream.h"
#include "core/server/websocket.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

struct StoredItem {
    Position position;
    std::string text;
    bool live = true;
};

/// A store of one output, in memory.
class FakeReader final : public store::Reader {
public:
    std::vector<StoredItem> items; ///< by sequence
    Expected<void> end;            ///< of a read, behind what it visits

    Expected<void> newestFirst(OutputKey, Timestamp, Timestamp, const std::optional<Position>&,
                               const store::ItemsVisitor&) override
    {
        return {};
    }
    Expected<void> oldestFirst(OutputKey, Sequence after, Sequence until, const Position& position,
                               const store::ItemVisitor& visit) override
    {
        std::vector<StoredItem> sorted = items;
        std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.position < b.position; });
        for (const StoredItem& item : sorted) {
            const bool wanted = item.position.sequence > after && item.position.sequence <= until && item.position > position;
            if (wanted && !visit(item.position, item.text))
                break;
        }
        return end;
    }
    Expected<void> bySequence(OutputKey, Sequence after, const store::ItemVisitor& visit) override
    {
        for (const StoredItem& item : items) {
            if (item.live && item.position.sequence > after && !visit(item.position, item.text))
                break;
        }
        return end;
    }
    Expected<void> datapoints(std::optional<SourceKey>, Sequence, Sequence, const store::DatapointVisitor&) override
    {
        return {};
    }
    Expected<Sequence> lastSequence() override { return Sequence(items.size()); }
    Expected<std::optional<std::string>> note(std::string_view) override { return std::nullopt; }
    Expected<std::optional<store::Answered>> answered(SourceKey, std::string_view, Timestamp) override { return std::nullopt; }
    Expected<store::Floor> floor(SourceKey, const store::Retention&, Timestamp) override { return store::Floor{}; }
    Expected<std::vector<store::AuditEntry>> audit(std::int64_t, int) override { return {}; }
};

const EndpointId endpoint{"e"};
const StreamFraming plainSocket{StreamProtocol::WebSocket, endpoint, false};
const StreamFraming plainEvents{StreamProtocol::Events, endpoint, false};
const StreamLimits limits;

/// The payloads of unmasked text frames; other frames as `<opcode>`.
QByteArrayList frames(std::string_view bytes)
{
    QByteArrayList found;
    while (bytes.size() >= 2) {
        const int opcode = bytes[0] & 0x0f;
        std::size_t length = static_cast<unsigned char>(bytes[1]) & 0x7f;
        std::size_t head = 2;
        if (length == 126) {
            length = static_cast<unsigned char>(bytes[2]) * 256U + static_cast<unsigned char>(bytes[3]);
            head = 4;
        }
        found += opcode == 1 ? QByteArray(bytes.data() + head, static_cast<qsizetype>(length))
                             : "<" + QByteArray::number(opcode) + ">";
        bytes.remove_prefix(head + length);
    }
    return found;
}

std::string takeAll(Stream& stream)
{
    std::string bytes;
    while (!stream.waiting().empty()) {
        bytes += stream.waiting();
        stream.sent(stream.waiting().size());
    }
    return bytes;
}

/// A client's close frame, masked with zeros.
QByteArray closeFrame(int code)
{
    return QByteArray("\x88\x82\x00\x00\x00\x00", 6) + static_cast<char>(code >> 8) + static_cast<char>(code & 0xff);
}

Timestamp seconds(std::int64_t s)
{
    return {s * 1'000'000};
}

} // namespace

class TestStream : public QObject {
    Q_OBJECT

    const Moment start_ = Moment(std::chrono::hours(1));

private Q_SLOTS:
    void aNewReaderGetsOnlyWhatComes()
    {
        FakeReader reader;
        reader.items = {{{seconds(1), 1}, "1"}};
        Stream stream(plainSocket, 1, {1, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        QVERIFY(stream.fill(reader));
        QVERIFY(stream.isLive());
        QVERIFY(stream.waiting().empty());
        std::string message;
        appendTextFrame(message, "2");
        stream.publish(std::make_shared<const std::string>(message), 1, 2);
        QCOMPARE(frames(takeAll(stream)), QByteArrayList{"2"});
        QCOMPARE(stream.after(), Sequence(2));
    }

    void aReplayComesOldestFirstThenWhatArrivedBySequenceWithoutHistory()
    {
        FakeReader reader;
        reader.items = {{{seconds(30), 1}, "a"},
                        {{seconds(10), 2}, "b"},
                        {{seconds(20), 3}, "c"},
                        {{seconds(5), 4}, "late"},
                        {{seconds(6), 5}, "imported", false}};
        Stream stream(plainSocket, 1, {0, 3, Position::before(seconds(15))}, std::nullopt, limits, start_);
        QVERIFY(stream.fill(reader));
        const QByteArrayList expected{"c", "a", "late"};
        QCOMPARE(frames(takeAll(stream)), expected);
        QVERIFY(stream.isLive());
    }

    /// The items of another generation go while it is read: what is there may have holes.
    void whatIsReadOfAnOutputThatIsReplacedIsNotSent()
    {
        FakeReader reader;
        for (Sequence n = 1; n <= 9; ++n)
            reader.items.push_back({{seconds(static_cast<std::int64_t>(n)), n}, std::to_string(n)});
        const std::vector<StoredItem> whole = reader.items;
        for (const StreamCursor& cursor :
             {StreamCursor{0, 9, Position::before(seconds(1))}, StreamCursor{0, 0, {Timestamp::min(), 0}}}) {
            Stream stream(plainSocket, 1, cursor, std::nullopt, limits, start_);
            reader.items = {whole[0], whole[8]};
            reader.end = fail(Problem::Unavailable, "the items of this output were replaced while they were read");
            QVERIFY(!stream.fill(reader));
            QVERIFY(stream.waiting().empty());
            reader.items = whole;
            reader.end = {};
            QVERIFY(stream.fill(reader));
            QCOMPARE(frames(takeAll(stream)), QByteArrayList({"1", "2", "3", "4", "5", "6", "7", "8", "9"}));
        }
    }

    void whoFallsBehindIsFedFromTheStoreAndNeverHoldsMoreThanItsLimit()
    {
        FakeReader reader;
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        QVERIFY(stream.fill(reader));
        QByteArrayList expected;
        std::size_t most = 0;
        for (Sequence n = 1; n <= 1000; ++n) {
            const std::string text = std::to_string(n) + std::string(1000, 'x');
            expected += QByteArray::fromStdString(text);
            reader.items.push_back({{seconds(1), n}, text});
            std::string message;
            appendTextFrame(message, text);
            stream.publish(std::make_shared<const std::string>(message), 1, n);
        }
        QVERIFY(!stream.isLive());
        std::string all;
        while (!stream.isLive() || !stream.waiting().empty()) {
            QVERIFY(stream.fill(reader));
            std::size_t waiting = 0;
            const std::string bytes = takeAll(stream);
            waiting = bytes.size();
            most = std::max(most, waiting);
            all += bytes;
        }
        QCOMPARE(frames(all), expected);
        QVERIFY2(most <= limits.waitingBytes + 70'000, qPrintable(QString::number(most)));
    }

    void whatAReaderHasNotTakenIsCounted_data()
    {
        QTest::addColumn<bool>("webSocket");
        QTest::addColumn<int>("itemBytes"); // a frame's length takes 1, 3 or 9 bytes
        for (const int size : {1, 125, 126, 5'000, 70'000}) {
            QTest::addRow("a WebSocket, items of %d bytes", size) << true << size;
            QTest::addRow("events, items of %d bytes", size) << false << size;
        }
    }
    void whatAReaderHasNotTakenIsCounted()
    {
        QFETCH(bool, webSocket);
        QFETCH(int, itemBytes);
        const StreamFraming& framing = webSocket ? plainSocket : plainEvents;
        constexpr Sequence items = 300;
        FakeReader reader;
        Stream stream(framing, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.countFrom({0, 40});
        QVERIFY(stream.fill(reader));
        QCOMPARE(stream.behind(40), std::optional<std::uint64_t>(0));
        std::size_t messageBytes = 0;
        for (Sequence n = 1; n <= items; ++n) {
            reader.items.push_back({{seconds(1), n}, std::string(std::size_t(itemBytes), 'x')});
            std::string message;
            appendMessage(message, framing, {n, 0, {Timestamp::min(), 0}}, seconds(1), reader.items.back().text);
            messageBytes = message.size();
            stream.publish(std::make_shared<const std::string>(message), 1, n);
            QCOMPARE(stream.behind(40 + n), std::optional<std::uint64_t>(n));
            QCOMPARE(stream.taken(), std::optional<std::uint64_t>(40));
        }
        // Byte for byte: an item is taken with its last one.
        std::size_t taken = 0;
        while (stream.behind(40 + items) > 0U) {
            QVERIFY(stream.fill(reader));
            const std::size_t size = std::min<std::size_t>(stream.waiting().size(), std::size_t(97 + itemBytes / 7));
            QVERIFY(size > 0);
            stream.sent(size);
            taken += size;
            QCOMPARE(stream.taken(), std::optional<std::uint64_t>(40 + taken / messageBytes));
            QCOMPARE(stream.behind(40 + items), std::optional<std::uint64_t>(items - taken / messageBytes));
        }
        QCOMPARE(taken, items * messageBytes);
    }

    void itemsOfThePastAreTakenBeforeAnyIsCounted()
    {
        FakeReader reader;
        for (Sequence n = 1; n <= 100; ++n)
            reader.items.push_back({{seconds(std::int64_t(n)), n}, std::string(2'000, 'x')});
        Stream stream(plainEvents, 1, {0, 90, Position::before(seconds(0))}, std::nullopt, limits, start_);
        stream.countFrom({90, 7});
        QCOMPARE(stream.behind(17), std::optional<std::uint64_t>());
        while (!stream.isLive()) {
            QVERIFY(stream.fill(reader));
            QVERIFY(stream.isLive() || !stream.taken());
            if (!stream.isLive())
                takeAll(stream);
        }
        QCOMPARE(stream.taken(), std::optional<std::uint64_t>(7));
        QVERIFY(stream.behind(17) >= 10U);
        takeAll(stream);
        QCOMPARE(stream.taken(), std::optional<std::uint64_t>(17));
        QCOMPARE(stream.behind(17), std::optional<std::uint64_t>(0));
    }

    void whatTheStoreGaveBeforeItWasPublishedIsNotCountedTwice()
    {
        FakeReader reader;
        reader.items = {{{seconds(1), 1}, "1"}, {{seconds(1), 2}, "2"}};
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.countFrom({0, 0});
        QVERIFY(stream.fill(reader));
        QCOMPARE(stream.behind(0), std::optional<std::uint64_t>(2));
        QCOMPARE(stream.behind(2), std::optional<std::uint64_t>(2));
        takeAll(stream);
        QCOMPARE(stream.behind(0), std::optional<std::uint64_t>(0));
        QCOMPARE(stream.taken(), std::optional<std::uint64_t>(2));
    }

    void eventsHaveTheirCursorAndStayOnOneLine()
    {
        FakeReader reader;
        reader.items = {{{seconds(1), 7}, "{\n  \"a\": 1\r\n}"}};
        Stream stream(plainEvents, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        QVERIFY(stream.fill(reader));
        const std::string cursor = StreamCursor{7, 0, {Timestamp::min(), 0}}.text(endpoint);
        QCOMPARE(takeAll(stream), "id: " + cursor + "\ndata: {   \"a\": 1  }\n\n");
    }

    /// sse-1: whatever breaks lines in an item, its event is one, and reads back as the same JSON.
    void anEventReadsBackAsItsItem_data()
    {
        QTest::addColumn<QByteArray>("item");
        const QByteArrayList lines{"{", "  \"a\": 1,", "  \"b\": [", "    true ]", "}"};
        QTest::newRow("five lines with LF") << lines.join("\n");
        QTest::newRow("five lines with CR LF") << lines.join("\r\n");
        QTest::newRow("five lines with a lone CR") << lines.join("\r");
        QTest::newRow("lines that end in each way") << QByteArray("{\n\"a\"\r:\r\n1\n\r}");
        QTest::newRow("an empty line inside") << QByteArray("{\n\n\"a\":1\r\r}");
        QTest::newRow("a line break at either end") << QByteArray("\r\n{}\r\n");
        QTest::newRow("U+2028 and U+2029 in a text") << QByteArray("{\"a\":\"x\xe2\x80\xa8y\xe2\x80\xa9z\"}");
        QTest::newRow("U+0085 in a text") << QByteArray("{\"a\":\"x\xc2\x85y\"}");
        QTest::newRow("a byte order mark in a text") << QByteArray("[\"\xef\xbb\xbfx\"]");
        QTest::newRow("line breaks as escapes") << QByteArray(R"({"a":"x\ny\rz\u2028\u0000"})");
        QTest::newRow("lines like those of an event") << QByteArray("{\n\"id: 1\":\"data: x\",\n\"event: e\":\":\"\n}");
        QTest::newRow("blanks that count") << QByteArray(" \"  x  \" ");
    }
    void anEventReadsBackAsItsItem()
    {
        QFETCH(QByteArray, item);
        FakeReader reader;
        reader.items = {{{seconds(1), 7}, item.toStdString()}, {{seconds(1), 8}, "\"the next\""}};
        Stream stream(plainEvents, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        QVERIFY(stream.fill(reader));
        const auto cursorAfter = [](Sequence sequence) {
            return StreamCursor{sequence, 0, {Timestamp::min(), 0}}.text(endpoint);
        };
        client::ServerEventParser parser;
        const std::vector<client::ServerEvent> events = parser.take(QByteArray::fromStdString(takeAll(stream)));
        QCOMPARE(events.size(), std::size_t(2));
        QCOMPARE(events[0].name, QByteArray("message"));
        QCOMPARE(QByteArray(events[0].data).replace('\r', ' ').replace('\n', ' ').trimmed(),
                 QByteArray(item).replace('\r', ' ').replace('\n', ' ').trimmed());
        QCOMPARE(jsonText(parseJson(events[0].data.toStdString()).value()), jsonText(parseJson(item.toStdString()).value()));
        QCOMPARE(events[0].id.toStdString(), cursorAfter(7));
        QCOMPARE(events[1].data, QByteArray("\"the next\""));
        QCOMPARE(events[1].id.toStdString(), cursorAfter(8));
    }

    void withTimesEachMessageTellsTimeAndCursor()
    {
        FakeReader reader;
        reader.items = {{{Timestamp{1'500'000}, 7}, "{}"}};
        Stream stream({StreamProtocol::WebSocket, endpoint, true}, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits,
                      start_);
        QVERIFY(stream.fill(reader));
        const std::string cursor = StreamCursor{7, 0, {Timestamp::min(), 0}}.text(endpoint);
        QCOMPARE(frames(takeAll(stream)),
                 QByteArrayList{QByteArray::fromStdString("{\"time\":1.5,\"cursor\":\"" + cursor + "\",\"item\":{}}")});
    }

    void pingsOfAPeerThatTakesNothingDoNotMakeTheServerGrow()
    {
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        std::string ping("\x89\xFD\0\0\0\0", 6);
        ping.append(125, 'x');
        std::string pings;
        for (int i = 0; i < 100; ++i)
            pings += ping;
        for (int i = 0; i < 1'000; ++i)
            stream.received(pings, start_);
        QVERIFY(takeAll(stream).size() <= limits.waitingBytes + pings.size());
        stream.received(ping, start_);
        QCOMPARE(frames(takeAll(stream)), QByteArrayList{"<10>"});
    }

    void pingsKeepItOpenAndSilenceEndsIt()
    {
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.tick(start_ + std::chrono::seconds(19));
        QVERIFY(stream.waiting().empty());
        stream.tick(start_ + std::chrono::seconds(20));
        QCOMPARE(frames(takeAll(stream)), QByteArrayList{"<9>"});
        stream.tick(start_ + std::chrono::seconds(60));
        QVERIFY(stream.finished());
    }

    /// An end at once would reset the connection, and the client might never read why.
    void whoSendsWhatIsNoFrameIsToldAndLeftToEnd()
    {
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.received("\xff\xff\xff\xff", start_);
        QVERIFY(!stream.hasEnded());
        QCOMPARE(frames(takeAll(stream)).size(), 1);
        QVERIFY(stream.hasEnded());
        QVERIFY(!stream.finished());
        stream.received("more of it", start_);
        QVERIFY(stream.waiting().empty());
        stream.tick(start_ + std::chrono::seconds(3));
        QVERIFY(stream.finished());
    }

    void pongsThatWaitCountWithWhatKeepsThem()
    {
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        const std::string ping("\x89\x80\0\0\0\0", 6);
        for (int i = 0; i < 100'000; ++i)
            stream.received(ping, start_);
        QVERIFY(stream.waitingBytes() < limits.waitingBytes / 20);
    }

    void oneThatTakesNothingForAMinuteIsClosed()
    {
        Stream stream(plainEvents, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.begin("HTTP/1.1 200 OK\r\n\r\n");
        stream.tick(start_ + std::chrono::seconds(59));
        QVERIFY(!stream.finished());
        stream.tick(start_ + std::chrono::seconds(60));
        stream.tick(start_ + std::chrono::seconds(64));
        QVERIFY(stream.finished());
    }

    /// However little it is: whether the socket took more says nothing of that.
    void oneThatTakesALittleNowAndThenIsKept()
    {
        Stream stream(plainEvents, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.begin(std::string(10'000, 'x'));
        for (int second = 30; second < 600; second += 30) {
            stream.delivered(true, false, start_ + std::chrono::seconds(second));
            stream.tick(start_ + std::chrono::seconds(second));
            QVERIFY(!stream.finished());
        }
        stream.delivered(false, false, start_ + std::chrono::seconds(640));
        stream.tick(start_ + std::chrono::seconds(640));
        stream.tick(start_ + std::chrono::seconds(644));
        QVERIFY(stream.finished());
    }

    /// The answer to a ping takes as long as what stands before it.
    void oneThatIsBehindNeedNotAnswerPings()
    {
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.begin(std::string(10'000, 'x'));
        for (int second = 30; second < 300; second += 30) {
            stream.delivered(true, false, start_ + std::chrono::seconds(second));
            stream.tick(start_ + std::chrono::seconds(second));
            QVERIFY(!stream.finished());
        }
        stream.delivered(true, true, start_ + std::chrono::seconds(310));
        stream.tick(start_ + std::chrono::seconds(331));
        QVERIFY(stream.finished()); // it had all of them by then
    }

    void whatWasSentAndNeverArrivesEndsItToo()
    {
        Stream stream(plainEvents, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.begin("HTTP/1.1 200 OK\r\n\r\n");
        stream.sent(stream.waiting().size());
        stream.delivered(false, false, start_ + std::chrono::seconds(5));
        for (int second = 10; second <= 64; ++second) {
            stream.tick(start_ + std::chrono::seconds(second));
            while (!stream.waiting().empty())
                stream.sent(stream.waiting().size());
        }
        QVERIFY(stream.finished());
    }

    void aCloseSaysItsCodeAndWaitsForTheAnswer_data()
    {
        QTest::addColumn<int>("code");
        for (const int code : {int(closecode::goingAway), int(closecode::restart), int(closecode::tokenExpired),
                               int(closecode::endpointGone), int(closecode::tooSlow)})
            QTest::addRow("%d", code) << code;
    }
    void aCloseSaysItsCodeAndWaitsForTheAnswer()
    {
        QFETCH(int, code);
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.close(static_cast<std::uint16_t>(code), "gone", start_);
        const std::string bytes = takeAll(stream);
        QCOMPARE(static_cast<unsigned char>(bytes.at(0)), 0x88U);
        QCOMPARE(static_cast<unsigned char>(bytes.at(2)) * 256 + static_cast<unsigned char>(bytes.at(3)), code);
        QVERIFY(!stream.finished());
        stream.received(closeFrame(code).toStdString(), start_);
        QVERIFY(stream.finished());
    }

    /// RFC 6455 §5.5.1: the code is echoed; where there is none, there is none in the answer.
    void aCloseIsAnsweredWithItsCode_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("without a code") << QByteArray("\x88\x80\x00\x00\x00\x00", 6) << QByteArray("\x88\x00", 2);
        QTest::newRow("normal") << closeFrame(1000) << QByteArray("\x88\x02\x03\xe8", 4);
        QTest::newRow("going away") << closeFrame(1001) << QByteArray("\x88\x02\x03\xe9", 4);
        QTest::newRow("registered") << closeFrame(3000) << QByteArray("\x88\x02\x0b\xb8", 4);
        QTest::newRow("private") << closeFrame(4999) << QByteArray("\x88\x02\x13\x87", 4);
    }
    void aCloseIsAnsweredWithItsCode()
    {
        QFETCH(QByteArray, sent);
        QFETCH(QByteArray, answer);
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.received(sent.toStdString(), start_);
        QCOMPARE(QByteArray::fromStdString(takeAll(stream)), answer);
        QVERIFY(stream.finished());
    }

    /// RFC 6455 §7.1.7: the close says why.
    void whatIsNoFrameEndsTheConversation_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<int>("code");
        QTest::newRow("an unmasked frame") << QByteArray("\x81\x01x", 3) << 1002;
        QTest::newRow("a reserved bit") << QByteArray("\xc1\x81\x00\x00\x00\x00x", 7) << 1002;
        QTest::newRow("an unknown opcode") << QByteArray("\x83\x81\x00\x00\x00\x00x", 7) << 1002;
        QTest::newRow("a continuation of nothing") << QByteArray("\x80\x81\x00\x00\x00\x00x", 7) << 1002;
        QTest::newRow("a ping in pieces") << QByteArray("\x09\x81\x00\x00\x00\x00x", 7) << 1002;
        QTest::newRow("a ping that is too long")
            << QByteArray("\x89\xfe\x00\x7e\x00\x00\x00\x00", 8) + QByteArray(126, 'x') << 1002;
        QTest::newRow("a length in more bytes than it needs") << QByteArray("\x89\xfe\x00\x01\x00\x00\x00\x00x", 9) << 1002;
        QTest::newRow("a length beyond all lengths")
            << QByteArray("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14) << 1002;
        QTest::newRow("a close with half a code (RFC 6455 §5.5.1)") << QByteArray("\x88\x81\x00\x00\x00\x00\x03", 7) << 1002;
        QTest::newRow("a close with a reason that is not UTF-8") << QByteArray("\x88\x83\x00\x00\x00\x00\x03\xe8\xff", 9) << 1007;
        for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) // RFC 6455 §7.4
            QTest::addRow("a close with %d", code) << closeFrame(code) << 1002;
        QTest::newRow("a text that is not UTF-8") << QByteArray("\x81\x81\x00\x00\x00\x00\xff", 7) << 1007;
        QTest::newRow("a message that is too long")
            << QByteArray("\x81\xff\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00payload", 21) << 1009;
    }
    void whatIsNoFrameEndsTheConversation()
    {
        QFETCH(QByteArray, sent);
        QFETCH(int, code);
        Stream stream(plainSocket, 1, {0, 0, {Timestamp::min(), 0}}, std::nullopt, limits, start_);
        stream.received(sent.toStdString(), start_);
        const std::string bytes = takeAll(stream);
        QCOMPARE(frames(bytes).value(0), QByteArray("<8>"));
        QVERIFY(bytes.size() >= 4);
        QCOMPARE(static_cast<unsigned char>(bytes.at(2)) * 256 + static_cast<unsigned char>(bytes.at(3)), code);
    }
};

QTEST_APPLESS_MAIN(TestStream)
#include "tst_stream.moc"
