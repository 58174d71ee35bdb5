// The window: how soon a page is there, and a long table, and whether it always answers. Times are those of the thread's
// processor.
#include "app/desktop/desktop.h"
#include "tests/core/client/fakevault.h"
#include "tests/ui/pages/turns.h"
#include "ui/look/filterbox.h"
#include "ui/pages/listpane.h"
#include "ui/pages/mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTableView>
#include <QTemporaryDir>

#include <cstdio>
#include <filesystem>

namespace bench {

using namespace iotman;
using namespace iotman::ui;
using test::cpuMs;

namespace {

constexpr int manyRows = 100'000;
constexpr int rounds = 15;

void turn(std::chrono::milliseconds time)
{
    QElapsedTimer spent;
    spent.start();
    while (spent.elapsed() < time.count())
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
}

/// Everything that is due is done, painting too.
double measured(const std::function<void()>& what)
{
    const double before = cpuMs();
    what();
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    return cpuMs() - before;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const QString& what, double value, double goal)
{
    std::printf("%-58s %10.1f ms   (at most %g)\n", qUtf8Printable(what), value, goal);
}

std::vector<TableRow> rowsOf(int count)
{
    std::vector<TableRow> rows;
    rows.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const QString id = QStringLiteral("client-%1").arg((i * 7919LL) % count, 6, 10, QLatin1Char('0'));
        rows.push_back({id,
                        {{id},
                         {QStringLiteral("Dashboard of hall %1").arg(i % 97)},
                         {QStringLiteral("sensor:read, site:read")},
                         {QString::number(i), i},
                         {QStringLiteral("12 Nov 2026"), i}}});
    }
    return rows;
}

void measureTable()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    const std::vector<TableRow> rows = rowsOf(manyRows);
    std::vector<double> opens, repeats, turns, filters;
    for (int round = 0; round < 5; ++round) {
        ListPane pane({{QStringLiteral("Client"), CellKind::Text, 160},
                       {QStringLiteral("Name"), CellKind::Text, 200},
                       {QStringLiteral("Scopes"), CellKind::Text, 200},
                       {QStringLiteral("Requests"), CellKind::Number, 100},
                       {QStringLiteral("Created"), CellKind::Text, 100}},
                      {QStringLiteral("Clients"), QStringLiteral("Filter clients"), QStringLiteral("client"), {}, {}, {}},
                      settings, QStringLiteral("bench"));
        pane.resize(1200, 800);
        pane.show();
        QCoreApplication::processEvents();
        auto copy = rows;
        opens.push_back(measured([&] { pane.setRows(std::move(copy), true); }));
        // The same rows come with every answer of the server.
        copy = rows;
        repeats.push_back(measured([&] { pane.setRows(std::move(copy), true); }));
        auto* filter = pane.findChild<FilterBox*>();
        // Who types has entered the box a moment before.
        Q_EMIT filter->entered();
        double longest = 0;
        for (int i = 0; i < 100; ++i)
            longest = std::max(longest, measured([] {}));
        turns.push_back(longest);
        for (const char* text : {"4", "42", "hall 42", "nothing of this", "client-0"})
            filters.push_back(measured([&] { filter->setText(QLatin1String(text)); }));
    }
    print(QStringLiteral("a table of 100,000 rows opens"), median(opens), 200);
    print(QStringLiteral("the same rows come again"), median(repeats), 200);
    print(QStringLiteral("the longest turn when its filter box is entered"), median(turns), 50);
    print(QStringLiteral("it is filtered, the median"), median(filters), 100);
    print(QStringLiteral("it is filtered, the slowest"), *std::max_element(filters.begin(), filters.end()), 100);
}

bool measurePages(const std::filesystem::path& demo)
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    const SystemClock clock;
    SystemRandom random;
    client::FakeVault vault;
    QElapsedTimer start;
    start.start();
    Desktop desktop({folder.filePath(QStringLiteral("data")).toStdString(), demo, {}}, clock, random, settings, vault);
    test::LongestTurn turns;
    const double shown = measured([&] { desktop.show(); });
    for (int i = 0; i < 600 && !(desktop.window().session() && desktop.window().session()->isLoaded()); ++i)
        turn(std::chrono::milliseconds(50));
    if (!desktop.window().session() || !desktop.window().session()->isLoaded())
        return false;
    turn(std::chrono::seconds(3));
    print(QStringLiteral("the window is shown, once all is made"), shown, 50);
    print(QStringLiteral("the longest turn of the event loop, at the start"), turns.take(), 250);
    const std::pair<PageId, const char*> pages[] = {
        {PageId::Endpoints, "Endpoints"}, {PageId::Outputs, "Outputs"}, {PageId::Sources, "Sources"},  {PageId::Access, "Access"},
        {PageId::Cors, "CORS"},           {PageId::Monitor, "Monitor"}, {PageId::Activity, "Activity"}};
    std::map<const char*, std::vector<double>> times;
    for (int round = 0; round < rounds; ++round) {
        for (const auto& [id, name] : pages) {
            times[name].push_back(measured([&] { desktop.window().showPage(id); }));
            turn(std::chrono::milliseconds(60));
        }
    }
    for (const auto& [id, name] : pages) {
        print(QStringLiteral("to the page %1, the first time").arg(QLatin1String(name)), times[name].front(), 50);
        print(QStringLiteral("to the page %1, the median").arg(QLatin1String(name)), median(times[name]), 50);
    }
    print(QStringLiteral("the longest turn of the event loop, among pages"), turns.take(), 250);
    return true;
}

} // namespace

} // namespace bench

int main(int argc, char* argv[])
{
    QApplication application(argc, argv);
    bench::measureTable();
    if (argc > 1 && !bench::measurePages(argv[1])) {
        std::fputs("bench_desktop: the workspace did not come\n", stderr);
        return 1;
    }
    return 0;
}
