// Opening an endpoint that holds much: how soon the newest page is drawn, how soon all of it, and whether the window answers.
#include "tests/bench/chart/bench.h"
#include "ui/chart/chartboard.h"
#include "ui/monitor/monitorpage.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <cstdio>

namespace bench {

using namespace iotman;

int measureOpening(const char* url)
{
    const auto address = client::EndpointAddress::parse(QString::fromUtf8(url));
    if (!address) {
        std::fprintf(stderr, "%s\n", address.error().detail.c_str());
        return 2;
    }
    const SystemClock clock;
    SystemRandom random;
    client::Network network;
    MonitorPage page(clock, random);
    page.resize(width, height);
    page.setConnection(network, nullptr, {});
    page.show();
    QCoreApplication::processEvents();

    QElapsedTimer whole, turn;
    qint64 newest = 0, longest = 0;
    bool looksAtAll = false;
    const EndpointId id = page.addEndpoint(*address, std::nullopt);
    whole.start();
    turn.start();
    page.open(id);
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        longest = std::max(longest, turn.restart());
        const EndpointFeed* feed = page.feed(id);
        if (!feed || !feed->series())
            return;
        if (newest == 0 && page.board()->frames() > 0)
            newest = whole.elapsed();
        const auto range = feed->series()->range();
        if (!looksAtAll && !feed->isReadingHistory() && range) {
            looksAtAll = true;
            page.board()->link().changeView(Rescale::AtOnce, [&](Viewport& viewport) {
                viewport.show({{{range->from.us - 1'000'000'000'000}, range->to}, {}});
            });
        }
        if (feed->hasAllHistory() || feed->historyError())
            QCoreApplication::quit();
    });
    beat.start(1);
    QCoreApplication::exec();
    const EndpointFeed* feed = page.feed(id);
    std::printf("%-58s %10.2f s   (at most 0.3)\n", "opening: the newest page is drawn", static_cast<double>(newest) / 1000);
    std::printf("%-58s %10.2f s   (at most 6), %zu items, %zu MB\n", "opening: all of it is there",
                static_cast<double>(whole.elapsed()) / 1000, feed->series()->items(), page.series().bytes() >> 20);
    std::printf("%-58s %10lld ms\n", "opening: the longest turn of the event loop", static_cast<long long>(longest));
    if (feed->historyError())
        std::printf("opening ended early: %s\n", feed->historyError()->detail.c_str());
    return feed->historyError() ? 1 : 0;
}

} // namespace bench
