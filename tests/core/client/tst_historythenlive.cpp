#include "core/client/historythenlive.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;
using namespace std::chrono_literals;

namespace {

const EndpointId id{"w"};

/// An endpoint with items 1, 2, 3 …: item n has time n, unless it came late, and sequence n.
struct Endpoint {
    FakeServer server;
    std::vector<std::pair<int, int>> stored; ///< time, number; in order of arrival
    bool isHosted = false;
    std::function<void()> beforePage = [] {};

    Endpoint()
    {
        server.answer = [this](const FakeRequest& request) { return page(request); };
        server.opened = [this](QWebSocket& socket, const FakeRequest& request) {
            const auto cursor = StreamCursor::parse(fromQt(request.parameter(QStringLiteral("cursor"))), id);
            for (const auto& [time, number] : stored) {
                if (cursor && static_cast<Sequence>(number) > cursor->after)
                    socket.sendTextMessage(message(time, number));
            }
        };
    }

    void arrive(int time, int number)
    {
        stored.emplace_back(time, number);
        for (QWebSocket* stream : server.streams())
            stream->sendTextMessage(message(time, number));
    }
    void fill(int count)
    {
        for (int n = 1; n <= count; ++n)
            stored.emplace_back(n, n);
    }

private:
    static QString cursorText(int number) { return toQt(StreamCursor{static_cast<Sequence>(number), 0, {}}.text(id)); }

    QString message(int time, int number) const
    {
        const QString item = QStringLiteral("{\"n\":%1}").arg(number);
        return isHosted ? item
                        : QStringLiteral("{\"time\":%1,\"cursor\":\"%2\",\"item\":%3}")
                              .arg(QString::number(time), cursorText(number), item);
    }

    FakeAnswer page(const FakeRequest& request)
    {
        beforePage();
        const auto cursor = PageCursor::parse(fromQt(request.parameter(QStringLiteral("cursor"))), id);
        const QString to = request.parameter(QStringLiteral("to"));
        const auto limit = static_cast<std::size_t>(request.parameter(QStringLiteral("limit")).toInt());
        auto items = stored;
        std::sort(items.rbegin(), items.rend());
        std::erase_if(items, [&](const auto& item) {
            const Position position{{item.first * 1'000'000LL}, static_cast<Sequence>(item.second)};
            return cursor ? position >= cursor->position : !to.isEmpty() && item.first > to.toInt();
        });
        const bool more = items.size() > limit;
        items.resize(std::min(items.size(), limit));
        QStringList data, times;
        for (const auto& [time, number] : items) {
            data << QStringLiteral("{\"n\":%1}").arg(number);
            times << QString::number(time);
        }
        QString next = QStringLiteral("null");
        if (more) {
            const auto [time, number] = items.back();
            const Position end{{time * 1'000'000LL}, static_cast<Sequence>(number)};
            next = QStringLiteral("\"%1?to=%2&limit=%3")
                       .arg(server.url(QStringLiteral("/data/out/w")).toString())
                       .arg(time)
                       .arg(limit);
            next += isHosted ? QStringLiteral("\"") : QStringLiteral("&cursor=%1\"").arg(toQt(PageCursor{end}.text(id)));
        }
        int newest = 0;
        for (const auto& item : stored)
            newest = std::max(newest, item.second);
        QString body = QStringLiteral("{\"data\":[%1],\"next_page\":%2").arg(data.join(u','), next);
        if (!isHosted)
            body += QStringLiteral(",\"times\":[%1],\"live\":\"%2\"").arg(times.join(u','), cursorText(newest));
        FakeAnswer answer;
        answer.body = QString(body + u'}').toUtf8();
        return answer;
    }
};

struct Monitor {
    Endpoint& endpoint;
    FakeClock clock;
    FakeRandom random;
    Network network;
    PageReader pages{network, nullptr, EndpointAddress::onServer(endpoint.server.url(), id)};
    StreamReader stream{network, nullptr, clock, random, pages.address(), {client::Contract::Extended, {1ms, 8ms, 30s}, 30s, 20s, 60s}};
    HistoryThenLive both;
    std::vector<int> history; ///< numbers as told
    std::vector<int> live;
    int gaps = 0;
    int waits = 0;
    std::optional<Error> error;
    HistoryProgress progress;

    explicit Monitor(Endpoint& e, HistoryRange range = {std::nullopt, std::nullopt, 2})
        : endpoint(e)
        , both(pages, stream, range, clock, random, {1ms, 8ms, 30s})
    {
        const auto number = [](const std::string& json) { return std::stoi(json.substr(5)); };
        QObject::connect(&both, &HistoryThenLive::historyArrived, [this, number](const std::vector<Item>& items) {
            for (const Item& item : items)
                history.push_back(number(item.json));
        });
        QObject::connect(&both, &HistoryThenLive::liveArrived, [this, number](const std::vector<StreamItem>& items) {
            for (const StreamItem& item : items)
                live.push_back(number(item.json));
        });
        QObject::connect(&both, &HistoryThenLive::gapPossible, [this] { ++gaps; });
        QObject::connect(&both, &HistoryThenLive::waiting, [this] { ++waits; });
        QObject::connect(&both, &HistoryThenLive::failed, [this](const Error& e2) { error = e2; });
        QObject::connect(&both, &HistoryThenLive::progressed, [this](const HistoryProgress& p) { progress = p; });
    }

    bool isLive() const { return stream.status().state == StreamState::Live; }
    /// Every number that was told, sorted.
    std::vector<int> all() const
    {
        std::vector<int> numbers = history;
        numbers.insert(numbers.end(), live.begin(), live.end());
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    }
};

std::vector<int> upTo(int last)
{
    std::vector<int> numbers;
    for (int n = 1; n <= last; ++n)
        numbers.push_back(n);
    return numbers;
}

} // namespace

class TestHistoryThenLive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void historyComesNewestFirstAndThenWhatIsNew()
    {
        Endpoint endpoint;
        endpoint.fill(5);
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        endpoint.arrive(6, 6);
        QTRY_COMPARE(monitor.live, (std::vector<int>{6}));
        QCOMPARE(monitor.history, (std::vector<int>{5, 4, 3, 2, 1}));
        QCOMPARE(monitor.progress.items, std::size_t(5));
        QCOMPARE(monitor.progress.oldest->us, std::int64_t(1'000'000));
    }

    void whatArrivesDuringTheWalkIsToldOnce()
    {
        Endpoint endpoint;
        endpoint.fill(20);
        int number = 20;
        // Before each page one item arrives in time, and one late: where the walk has not been yet.
        endpoint.beforePage = [&] {
            if (endpoint.server.count("/data/out/w") < 8) {
                endpoint.arrive(100 + number, number + 1);
                endpoint.arrive(1, number + 2);
                number += 2;
            }
        };
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        QTRY_COMPARE(monitor.all(), upTo(number));
    }

    void aLostLinkLosesNothing()
    {
        Endpoint endpoint;
        endpoint.fill(3);
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        endpoint.server.streams().constLast()->abort();
        endpoint.stored.emplace_back(4, 4); // while nobody listens
        QTRY_COMPARE(endpoint.server.streams().size(), 2);
        endpoint.arrive(5, 5);
        QTRY_COMPARE(monitor.all(), upTo(5));
    }

    void theWalkEndsWithThePageThatHasEnough()
    {
        Endpoint endpoint;
        endpoint.fill(100);
        Monitor monitor(endpoint, {std::nullopt, 5, 2});
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        QCOMPARE(monitor.history, (std::vector<int>{100, 99, 98, 97, 96, 95}));
        QCOMPARE(endpoint.server.count("/data/out/w"), 3);
    }

    void anEndpointWithoutItemsIsLiveAtOnce()
    {
        Endpoint endpoint;
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        endpoint.arrive(1, 1);
        QTRY_COMPARE(monitor.live, (std::vector<int>{1}));
    }

    void aServerThatIsAwayForAMomentDelaysTheHistory()
    {
        Endpoint endpoint;
        endpoint.fill(5);
        const auto page = endpoint.server.answer;
        endpoint.server.answer = [&](const FakeRequest& request) {
            return endpoint.server.count("/data/out/w") % 2 ? FakeAnswer{503, "{}", "application/json", {}, false, {}}
                                                            : page(request);
        };
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete);
        QCOMPARE(monitor.history, (std::vector<int>{5, 4, 3, 2, 1}));
        QCOMPARE(monitor.waits, 3);
    }

    void aRefusalFailsAndOpensNoStream()
    {
        Endpoint endpoint;
        endpoint.server.answer = [](const FakeRequest&) {
            return FakeAnswer{404, "{\"detail\":\"No endpoint.\"}", "application/json", {}, false, {}};
        };
        Monitor monitor(endpoint);
        monitor.both.start();
        QTRY_VERIFY(monitor.error);
        QCOMPARE(monitor.error->detail, std::string("No endpoint."));
        QCOMPARE(endpoint.server.requests.size(), 1);
    }

    void whoIsToldMayStartAnew()
    {
        Endpoint endpoint;
        endpoint.fill(5);
        Monitor monitor(endpoint);
        int starts = 1;
        QObject::connect(&monitor.both, &HistoryThenLive::historyArrived, [&] {
            if (starts++ == 1) {
                monitor.history.clear();
                monitor.both.start();
            }
        });
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        QCOMPARE(monitor.history, (std::vector<int>{5, 4, 3, 2, 1}));
        QCOMPARE(endpoint.server.streams().size(), 1);
    }

    void stoppingEndsBoth()
    {
        Endpoint endpoint;
        endpoint.fill(50);
        Monitor monitor(endpoint);
        QObject::connect(&monitor.both, &HistoryThenLive::historyArrived, [&] { monitor.both.stop(); });
        monitor.both.start();
        QTRY_COMPARE(monitor.history.size(), std::size_t(2));
        QTest::qWait(20);
        QCOMPARE(monitor.history.size(), std::size_t(2));
        QCOMPARE(monitor.stream.status().state, StreamState::Stopped);
        QCOMPARE(endpoint.server.requests.size(), 1);
    }

    // ---- Hosted services

    void aHostedServiceIsJoinedByComparingItsNewestPage()
    {
        Endpoint endpoint;
        endpoint.isHosted = true;
        endpoint.fill(7);
        // One item arrives between the first page and the stream, one before the newest page is read again.
        endpoint.server.upgrade = [&](const FakeRequest&) {
            endpoint.stored.emplace_back(8, 8);
            return true;
        };
        bool opened = false;
        endpoint.server.opened = [&](QWebSocket&, const FakeRequest&) { opened = true; };
        endpoint.beforePage = [&] {
            if (std::exchange(opened, false))
                endpoint.arrive(9, 9);
        };
        Monitor monitor(endpoint, {std::nullopt, std::nullopt, 4});
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        QTRY_COMPARE(monitor.all(), upTo(9));
        endpoint.arrive(10, 10);
        QTRY_COMPARE(monitor.all(), upTo(10));
        QCOMPARE(monitor.gaps, 0);
    }

    void aHostedServicesLostLinkIsFilledFromItsNewestPage()
    {
        Endpoint endpoint;
        endpoint.isHosted = true;
        endpoint.fill(3);
        Monitor monitor(endpoint, {std::nullopt, std::nullopt, 4});
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        endpoint.arrive(4, 4);
        QTRY_COMPARE(monitor.all(), upTo(4));
        endpoint.server.streams().constLast()->abort();
        endpoint.stored.emplace_back(5, 5);
        QTRY_COMPARE(monitor.all(), upTo(5));
        QCOMPARE(monitor.gaps, 0);
    }

    void moreThanAPageWhileAHostedLinkWasDownIsToldAsAGap()
    {
        Endpoint endpoint;
        endpoint.isHosted = true;
        endpoint.fill(3);
        Monitor monitor(endpoint, {std::nullopt, std::nullopt, 4});
        monitor.both.start();
        QTRY_VERIFY(monitor.progress.isComplete && monitor.isLive());
        endpoint.server.streams().constLast()->abort();
        for (int n = 4; n <= 20; ++n)
            endpoint.stored.emplace_back(n, n);
        QTRY_COMPARE(monitor.gaps, 1);
        QTRY_COMPARE(monitor.live, (std::vector<int>{17, 18, 19, 20}));
    }
};

QTEST_GUILESS_MAIN(TestHistoryThenLive)
#include "tst_historythenlive.moc"
