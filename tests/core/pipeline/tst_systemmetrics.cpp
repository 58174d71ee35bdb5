#include "core/pipeline/systemreading.h"

#include <QtTest/QtTest>

#include <map>

using namespace iotman;
using namespace iotman::pipeline;

namespace {

/// Texts by path, as a test sets them.
class FakeProbe final : public SystemProbe {
public:
    std::map<std::string, std::string> texts;
    std::optional<std::string> read(const std::string& path) const override
    {
        const auto found = texts.find(path);
        return found == texts.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<double> diskPercent(const std::string&) const override { return 12.34; }
};

} // namespace

class TestSystemMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cpuCountsEverythingButIdleAndWaiting()
    {
        const auto ticks = cpuTicks("cpu  10 20 30 400 50 6 7 8 999 999\ncpu0 1 1 1 1\n");
        QVERIFY(ticks);
        QCOMPARE(ticks->total, std::uint64_t(531));
        QCOMPARE(ticks->busy, std::uint64_t(81));
        QVERIFY(!cpuTicks("intr 1 2 3\n"));
        QVERIFY(!cpuTicks(""));
    }

    void cpuPercentNeedsTimeBetweenTwoReadings()
    {
        QCOMPARE(cpuPercent({100, 1000}, {125, 1100}).value_or(-1), 25.0);
        QVERIFY(!cpuPercent({100, 1000}, {100, 1000}));
        QVERIFY(!cpuPercent({100, 1000}, {50, 1100})); // counters that went back
    }

    void memoryIsWhatIsNotAvailable()
    {
        QCOMPARE(memoryPercent("MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n").value_or(-1), 75.0);
        QVERIFY(!memoryPercent("MemTotal:       1000 kB\n"));
        QVERIFY(!memoryPercent("MemTotal: 0 kB\nMemAvailable: 0 kB\n"));
    }

    void networkLeavesTheLoopbackOut()
    {
        const auto bytes = networkBytes("Inter-|   Receive\n face |bytes\n"
                                        "    lo: 500 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n"
                                        "  eth0: 100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n"
                                        " wlan0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n");
        QVERIFY(bytes);
        QCOMPARE(bytes->received, std::uint64_t(110));
        QCOMPARE(bytes->sent, std::uint64_t(220));
    }

    void aReadingIsOneObjectAndWhatCannotBeReadIsNull()
    {
        FakeProbe probe;
        SystemReading reading(probe);
        const std::vector<std::string> all{"cpu", "memory", "disk", "network", "temperature"};
        QCOMPARE(reading.take(all, std::chrono::seconds(1)),
                 std::string(R"({"cpu":null,"memory":null,"disk":12.3,"received":null,"sent":null,"temperature":null})"));
        probe.texts["/proc/stat"] = "cpu 10 0 0 90 0 0 0 0\n";
        probe.texts["/proc/net/dev"] = "eth0: 100 0 0 0 0 0 0 0 100 0 0 0 0 0 0 0\n";
        (void)reading.take(all, std::chrono::seconds(1));
        probe.texts["/proc/stat"] = "cpu 35 0 0 165 0 0 0 0\n";
        probe.texts["/proc/net/dev"] = "eth0: 300 0 0 0 0 0 0 0 150 0 0 0 0 0 0 0\n";
        probe.texts["/proc/meminfo"] = "MemTotal: 1000 kB\nMemAvailable: 600 kB\n";
        probe.texts["/sys/class/thermal/thermal_zone0/temp"] = "41250\n";
        QCOMPARE(reading.take(all, std::chrono::seconds(2)),
                 std::string(R"({"cpu":25.0,"memory":40.0,"disk":12.3,"received":100,"sent":25,"temperature":41.2})"));
    }
};

QTEST_APPLESS_MAIN(TestSystemMetrics)
#include "tst_systemmetrics.moc"
