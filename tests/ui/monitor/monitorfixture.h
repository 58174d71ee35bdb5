// A Monitor page against a server of the test's own.
#pragma once

#include "tests/core/client/fakeserver.h"
#include "tests/ui/monitor/support.h"
#include "ui/chart/chartboard.h"
#include "ui/monitor/fieldspanel.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/statestrip.h"

#include <QLabel>
#include <QUrlQuery>
#include <QtTest/QtTest>

namespace iotman::test {

using client::FakeAnswer;
using client::FakeRequest;
using client::FakeServer;

inline constexpr std::int64_t second = 1'000'000;
inline constexpr std::int64_t now = 1'700'000'000;

struct Stored {
    std::int64_t time; ///< seconds
    QByteArray json;
};

/// The data API of one endpoint over items in the order of their times.
class FakeEndpoint {
public:
    explicit FakeEndpoint(FakeServer& server)
        : server_(server)
    {
        server.answer = [this](const FakeRequest& request) { return page(request); };
        server.opened = [this](QWebSocket& socket, const FakeRequest& request) {
            std::size_t sent = request.parameter(QStringLiteral("cursor")).mid(1).toULongLong();
            for (; sent < live.size(); ++sent)
                send(socket, sent);
        };
    }

    std::vector<Stored> history;
    std::vector<Stored> live; ///< what came since, in the order of arrival

    void arrive(Stored item)
    {
        live.push_back(std::move(item));
        for (QWebSocket* socket : server_.streams())
            if (socket->state() == QAbstractSocket::ConnectedState)
                send(*socket, live.size() - 1);
    }

private:
    FakeAnswer page(const FakeRequest& request) const
    {
        const std::size_t limit = request.parameter(QStringLiteral("limit")).toULongLong();
        std::size_t end = history.size();
        if (const QString cursor = request.parameter(QStringLiteral("cursor")); !cursor.isEmpty())
            end = cursor.mid(1).toULongLong();
        else if (const QString to = request.parameter(QStringLiteral("to")); !to.isEmpty())
            while (end > 0 && static_cast<double>(history[end - 1].time) > to.toDouble())
                --end;
        std::size_t first = 0;
        if (const QString from = request.parameter(QStringLiteral("from")); !from.isEmpty())
            while (first < end && static_cast<double>(history[first].time) < from.toDouble())
                ++first;
        const std::size_t begin = end - first > limit ? end - limit : first;
        QByteArrayList data, times;
        for (std::size_t i = end; i > begin; --i) {
            data << history[i - 1].json;
            times << QByteArray::number(static_cast<qint64>(history[i - 1].time));
        }
        QByteArray next = "null";
        if (begin > first)
            next = "\"" + server_.url(QString::fromLatin1(request.path())).toEncoded() +
                   "?times=1&limit=" + QByteArray::number(qulonglong(limit)) + "&cursor=p" +
                   QByteArray::number(qulonglong(begin)) + "\"";
        return {200,
                "{\"data\":[" + data.join(',') + "],\"next_page\":" + next + ",\"times\":[" + times.join(',') + "],\"live\":\"s" +
                    QByteArray::number(qulonglong(live.size())) + "\"}",
                "application/json",
                {},
                false,
                {}};
    }
    void send(QWebSocket& socket, std::size_t index) const
    {
        const Stored& item = live[index];
        socket.sendTextMessage(QStringLiteral("{\"time\":%1,\"cursor\":\"s%2\",\"item\":%3}")
                                   .arg(item.time)
                                   .arg(index + 1)
                                   .arg(QString::fromUtf8(item.json)));
    }

    FakeServer& server_;
};

inline EndpointView view(const char* id, const char* output, std::optional<Timestamp> last)
{
    EndpointView made;
    made.endpoint.id = EndpointId{id};
    made.outputName = OutputName{output};
    made.lastItemAt = last;
    return made;
}

struct Fixture {
    FakeServer server;
    FakeEndpoint endpoint{server};
    client::Network network;
    client::FakeClock clock;
    client::FakeRandom random{255};
    MonitorPage page{clock, random};
    const EndpointId id{"room"};
    int samplesToCome = 0;

    Fixture()
    {
        page.setTimeZone(QTimeZone::utc());
        page.resize(1200, 700);
    }
    void addHistory(int count)
    {
        for (int i = count; i > 0; --i)
            endpoint.history.push_back({now - i, "{\"celsius\":" + QByteArray::number(20 + i % 7) +
                                                     ",\"on\":" + (i % 9 ? "true" : "false") + ",\"sky\":\"rain\"}"});
    }
    void show()
    {
        page.setConnection(network, nullptr, server.url());
        page.setEndpoints(
            {view("room", "Room", Timestamp{now * second}), view("old", "Old", Timestamp{second}), view("never", "Never", {})});
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
    }
    EndpointFeed* feed() const { return page.feed(id); }
    bool isLive() const { return feed() && feed()->state().phase == FeedPhase::Live; }
    const Series* series(const char* name) const
    {
        for (const TickedLine& line : page.fields()->ticked())
            if (line.name == QString::fromUtf8(name))
                return set(line);
        return nullptr;
    }
    std::size_t samples(const char* name) const { return series(name) ? series(name)->size() : 0; }
    QStringList ticked() const
    {
        QStringList names;
        for (const TickedLine& line : page.fields()->ticked())
            names.append(line.name);
        return names;
    }
    /// Each ticked line with its colour.
    QStringList colors() const
    {
        QStringList colors;
        for (const TickedLine& line : page.fields()->ticked())
            colors.append(line.name + u' ' + QString::number(line.colorIndex));
        return colors;
    }
    void untick(const char* name)
    {
        for (const TickedLine& line : page.fields()->ticked())
            if (line.name == QString::fromUtf8(name))
                page.fields()->untick(line.key);
    }
    const Series* set(const TickedLine& line) const { return &feed()->set().series(line.series); }
    QString shownTexts() const
    {
        QStringList texts;
        for (const QLabel* label : page.strip()->findChildren<QLabel*>())
            if (!label->isHidden() && !label->text().isEmpty())
                texts.append(label->text());
        return texts.join(QStringLiteral(" | "));
    }
};

} // namespace iotman::test
