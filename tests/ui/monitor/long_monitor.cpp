// The Monitor for a long time: 100,000 values a second come, and somebody does ten things a second. Memory must be flat once the
// budget is spent, no turn of the event loop may take long, and nothing may be lost. MINUTES: how long (20).
#include "tests/core/client/fakeserver.h"
#include "tests/ui/monitor/support.h"
#include "ui/chart/chartboard.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorpage.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLoggingCategory>
#include <QMouseEvent>
#include <QTableView>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <QWheelEvent>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <malloc.h>
#include <random>
#include <utility>

using namespace iotman;

namespace {

constexpr int valuesInItem = 8;
constexpr int itemsPerSecond = 100'000 / valuesInItem;
constexpr int tickMs = 10;
constexpr qint64 longestTurn = 100; ///< ms
constexpr int actionsPerSecond = 10;
constexpr double growthAllowed = 0.1; ///< of the memory when the budget was spent: a median takes a copy of what it is of

std::int64_t nowUs()
{
    return SystemClock().now().us;
}

/// Serves one endpoint without history, in a thread of its own.
class Sender : public QObject {
public:
    void begin()
    {
        server_ = std::make_unique<client::FakeServer>();
        server_->answer = [](const client::FakeRequest&) {
            return client::FakeAnswer{
                200, "{\"data\":[],\"next_page\":null,\"times\":[],\"live\":\"s0\"}", "application/json", {}, false, {}};
        };
        url = server_->url();
        timer_ = std::make_unique<QTimer>();
        timer_->setTimerType(Qt::PreciseTimer);
        connect(timer_.get(), &QTimer::timeout, this, &Sender::send);
        since_.start();
        timer_->start(tickMs);
    }
    void stop() { timer_->stop(); }
    void end()
    {
        timer_.reset();
        server_.reset();
    }

    QUrl url;
    std::atomic<std::int64_t> sent = 0;

private:
    void send()
    {
        const QList<QWebSocket*> streams = server_->streams();
        if (streams.isEmpty()) {
            since_.restart();
            return;
        }
        for (const std::int64_t due = since_.elapsed() * itemsPerSecond / 1000; count_ < due; ++count_) {
            const double t = static_cast<double>(count_) / itemsPerSecond;
            QString item = QStringLiteral("{\"time\":%1,\"cursor\":\"s%2\",\"item\":{")
                               .arg(static_cast<double>(nowUs()) / 1e6, 0, 'f', 6)
                               .arg(count_ + 1);
            for (int i = 0; i < valuesInItem; ++i)
                item += QStringLiteral("%1\"c%2\":%3")
                            .arg(i ? QStringLiteral(",") : QString())
                            .arg(i)
                            .arg(std::sin(t / (i + 1)) + i, 0, 'f', 5);
            streams.last()->sendTextMessage(item + QStringLiteral("}}"));
            ++sent;
        }
    }

    std::unique_ptr<client::FakeServer> server_;
    std::unique_ptr<QTimer> timer_;
    QElapsedTimer since_;
    std::int64_t count_ = 0;
};

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / (1024 * 1024);
}

/// Of this thread, in milliseconds: tells a slow turn from a machine that does other things.
double processorMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Remembers the event that took longest.
class Application : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        // Of this thread, and only those that nothing else had sent: a chain counts as one.
        if (QThread::currentThread() != thread() || std::exchange(isInside_, true))
            return QApplication::notify(receiver, event);
        const double before = processorMs();
        const char* name = receiver->metaObject()->className();
        const int type = event->type();
        const bool isDone = QApplication::notify(receiver, event);
        isInside_ = false;
        if (const double took = processorMs() - before; took > longest_) {
            longest_ = took;
            told_ = QStringLiteral("event %1 of %2 took %3 ms of them").arg(type).arg(QLatin1String(name)).arg(took, 0, 'f', 0);
        }
        return isDone;
    }
    /// Of the time since it was asked last.
    QString takeLongest()
    {
        longest_ = 0;
        return std::exchange(told_, {});
    }

private:
    bool isInside_ = false;
    double longest_ = 0;
    QString told_;
};

/// Somebody who cannot sit still.
class Person {
public:
    explicit Person(MonitorPage& page)
        : page_(page)
    {
    }

    const char* act()
    {
        MonitorActions& actions = *page_.monitorActions();
        ChartView& chart = *page_.board()->view(static_cast<std::size_t>(whole(0, static_cast<int>(page_.board()->size()) - 1)));
        const QPoint at(whole(60, std::max(chart.width() - 80, 61)), whole(40, std::max(chart.height() - 30, 41)));
        switch (whole(0, 11)) {
        case 0:
        case 1:
            wheel(chart, at, whole(0, 1) ? 120 : -120);
            return "wheel";
        case 2:
            drag(chart, at, Qt::NoModifier);
            return "pan";
        case 3:
            drag(chart, at, Qt::ShiftModifier);
            return "box";
        case 4:
            actions.follow->trigger();
            return "follow";
        case 5:
            actions.fit->trigger();
            return "fit";
        case 6:
            (whole(0, 1) ? actions.back : actions.forward)->trigger();
            return "back or forward";
        case 7:
            actions.cursors->trigger();
            return "cursors";
        case 8:
            if (whole(0, 5) == 0)
                actions.table->trigger();
            return "table";
        case 9:
            QTest::mouseMove(&chart, at);
            return "hover";
        case 10:
            page_.resize(whole(800, 1600), whole(500, 900));
            return "resize";
        default:
            tick();
            return "tick";
        }
    }

private:
    int whole(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
    static void wheel(QWidget& widget, QPoint at, int delta)
    {
        QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&widget, &event);
    }
    void drag(QWidget& widget, QPoint from, Qt::KeyboardModifiers keys)
    {
        const QPoint to = from + QPoint(whole(-80, 80), whole(-60, 60));
        QTest::mousePress(&widget, Qt::LeftButton, keys, from);
        QMouseEvent move(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, keys);
        QApplication::sendEvent(&widget, &move);
        QTest::mouseRelease(&widget, Qt::LeftButton, keys, to);
    }
    void tick()
    {
        FieldsModel& fields = *page_.fields();
        const QModelIndex endpoint = fields.index(0, 0);
        if (fields.rowCount(endpoint) == 0)
            return;
        const QModelIndex field = fields.index(whole(0, fields.rowCount(endpoint) - 1), 0, endpoint);
        const bool on = field.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        if (!on || fields.ticked().size() > 3)
            fields.setData(field, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }

    MonitorPage& page_;
    std::mt19937 random_{7};
};

int run(Application& application)
{
    const double minutes = qEnvironmentVariableIsSet("MINUTES") ? qgetenv("MINUTES").toDouble() : 20;
    QThread thread;
    Sender sender;
    sender.moveToThread(&thread);
    thread.start();
    QMetaObject::invokeMethod(
        &sender, [&] { sender.begin(); }, Qt::BlockingQueuedConnection);

    const SystemClock clock;
    SystemRandom random;
    client::Network network;
    MonitorPage page(clock, random);
    page.resize(1600, 900);
    EndpointView view;
    view.endpoint.id = EndpointId{"fast"};
    view.outputName = OutputName{"Fast"};
    view.lastItemAt = clock.now();
    page.setConnection(network, nullptr, sender.url);
    page.setEndpoints({view});
    page.show();

    Person person(page);
    QElapsedTimer whole, turn;
    whole.start();
    turn.start();
    qint64 longest = 0;
    double busy = processorMs();
    int slow = 0;
    const char* last = "nothing";
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        const qint64 took = turn.restart();
        const double worked = processorMs() - std::exchange(busy, processorMs());
        longest = std::max(longest, took);
        const QString event = application.takeLongest();
        if (took > longestTurn) {
            ++slow;
            std::printf("a turn of %lld ms (%.0f of the processor) at %.1f s, after %s; %s\n", static_cast<long long>(took), worked,
                        static_cast<double>(whole.elapsed()) / 1000, last, qUtf8Printable(event));
        }
    });
    beat.start(1);
    QTimer acting;
    QObject::connect(&acting, &QTimer::timeout, [&] { last = person.act(); });
    acting.start(1000 / actionsPerSecond);
    double full = 0, most = 0;
    QTimer telling;
    QObject::connect(&telling, &QTimer::timeout, [&] {
        const double now = residentMb();
        if (page.series().dropped() > 0 && full == 0) {
            full = now;
            malloc_stats();
        }
        most = std::max(most, now);
        std::printf("%4.0f s  %7.0f MB resident, %5.0f MB of values, %9zu made room, longest turn %lld ms\n",
                    static_cast<double>(whole.elapsed()) / 1000, now, static_cast<double>(page.series().bytes()) / 1048576,
                    page.series().dropped(), static_cast<long long>(longest));
        std::fflush(stdout);
    });
    telling.start(10'000);
    QTimer::singleShot(static_cast<int>(minutes * 60'000), [] { QCoreApplication::quit(); });
    QCoreApplication::exec();

    malloc_stats();
    acting.stop();
    QMetaObject::invokeMethod(
        &sender, [&] { sender.stop(); }, Qt::BlockingQueuedConnection);
    const EndpointFeed* feed = page.feed(view.endpoint.id);
    const auto received = [&] { return feed && feed->series() ? static_cast<std::int64_t>(feed->series()->items()) : 0; };
    const bool isWhole = QTest::qWaitFor([&] { return received() == sender.sent; }, 10'000);
    const double rate = static_cast<double>(sender.sent) * valuesInItem / static_cast<double>(whole.elapsed()) * 1000;
    std::printf("%lld items sent, %lld received, %.0f values/s; longest turn %lld ms, %d over %lld ms; memory %.0f MB when the "
                "budget was "
                "spent, %.0f at most\n",
                static_cast<long long>(sender.sent), static_cast<long long>(received()), rate, static_cast<long long>(longest),
                slow, static_cast<long long>(longestTurn), full, most);
    const bool isFlat = full == 0 || most <= full * (1 + growthAllowed);
    std::printf("%s\n", isWhole && isFlat && slow == 0 ? "ok" : "FAILED");
    page.clearConnection();
    QMetaObject::invokeMethod(
        &sender, [&] { sender.end(); }, Qt::BlockingQueuedConnection);
    thread.quit();
    thread.wait();
    return isWhole && isFlat && slow == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
{
    QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false")); // what the offscreen platform leaves out
    Application application(argc, argv);
    return run(application);
}
