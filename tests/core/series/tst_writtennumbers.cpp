// Numbers that a double does not hold keep their digits (json-1), whatever happens to the samples around them.
#include "core/series/seriesset.h"
#include "tests/core/series/randomseries.h"

#include <charconv>
#include <string>

using namespace iotman;
using namespace iotman::test;

namespace {

double numberIn(const std::string& text)
{
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string fewestDigits(double number)
{
    char text[32];
    return {text, std::to_chars(std::begin(text), std::end(text), number).ptr};
}

/// The digits that are beside a number, or else a dash.
QByteArray beyond(const char* text)
{
    const std::string_view digits = digitsBeyond(numberIn(text), text);
    return digits.empty() ? "-" : QByteArray(digits.data(), static_cast<qsizetype>(digits.size()));
}

/// A sample as it is read: its time and all its digits.
using Read = std::pair<std::int64_t, std::string>;

std::vector<Read> readFrom(const Series& series, TimeRange range)
{
    std::vector<Read> read;
    for (const Sample& sample : series.samples(range))
        read.emplace_back(sample.time.us, sample.written.empty() ? fewestDigits(sample.value) : std::string(sample.written));
    return read;
}

/// What came, in the order it is to be read.
struct PlainTexts {
    std::vector<Read> samples;

    void append(std::int64_t time, const std::string& text)
    {
        const auto at = std::upper_bound(samples.begin(), samples.end(), time,
                                         [](std::int64_t t, const Read& read) { return t < read.first; });
        samples.insert(at, {time, text});
    }
    std::vector<Read> in(TimeRange range) const
    {
        std::vector<Read> found;
        std::copy_if(samples.begin(), samples.end(), std::back_inserter(found),
                     [range](const Read& read) { return range.contains({read.first}); });
        return found;
    }
};

constexpr TimeRange all{{-farthestTime}, {farthestTime}};

} // namespace

class TestWrittenNumbers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyDigitsThatADoubleDoesNotHoldAreBesideIt_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isBeside");
        const auto row = [](const char* name, const char* text, bool isBeside) {
            QTest::newRow(name) << QByteArray(text) << isBeside;
        };
        row("an integer beyond 2^53", "9007199254740993", true);
        row("its even neighbour", "9007199254740992", false);
        row("a negative one", "-9007199254740993", true);
        row("nanoseconds", "1700000000123456789", true);
        row("64 bits", "18446744073709551615", true);
        row("thirty digits", "123456789012345678901234567890", true);
        row("thirty digits that are a power of ten", "100000000000000000000000000000", false);
        row("the fewest digits of a double", "0.3333333333333333", false);
        row("a digit more", "0.33333333333333333", true);
        row("more digits than that make it", "0.1000000000000000055511151231257827", true);
        row("zeros behind", "21.500000000000000000000", false);
        row("a quotient that comes out even", "22.5000000000000000", false);
        row("a quotient that does not", "22.3888888888888889", true);
        row("seventeen digits that a double needs", "0.30000000000000004", false);
        row("an integer that a double prints with other digits", "1234567890123456700000", true);
        row("a small number in many places", "0.00000000000000000001234567890123456", false);
        row("zeros before the first digit", "0.000000000000000000000025", false);
        row("another way to write it", "12345.678901234500e3", false);
        row("an exponent in capitals", "1.50000000000000000E+3", false);
        row("zero with many digits", "0.00000000000000000000", false);
        row("too small for a double", "1e-400", true);
        row("too small for all its digits", "1.2345678e-320", true);
        row("zero with an exponent", "0e-400", false);
        row("few digits", "21.50", false);
    }
    void onlyDigitsThatADoubleDoesNotHoldAreBesideIt()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isBeside);
        QCOMPARE(beyond(text), isBeside ? text : "-");
    }

    void zerosBehindAreNotKept()
    {
        QCOMPARE(beyond("9007199254740993.50000"), QByteArray("9007199254740993.5"));
        QCOMPARE(beyond("9007199254740993.0"), QByteArray("9007199254740993"));
        QCOMPARE(beyond("-22.38888888888888890000"), QByteArray("-22.3888888888888889"));
    }

    void digitsStayWithTheirSamplesWhateverComesAndGoes_data()
    {
        QTest::addColumn<int>("oneIn");
        QTest::newRow("every number has more digits") << 1;
        QTest::newRow("every third") << 3;
        QTest::newRow("hardly any") << 500;
    }
    void digitsStayWithTheirSamplesWhateverComesAndGoes()
    {
        QFETCH(int, oneIn);
        Random random{std::mt19937_64(7)};
        Series series;
        PlainTexts plain;
        std::int64_t time = 1'700'000'000 * second;
        for (int i = 0; i < 20'000; ++i) {
            time += random.whole(0, 2) * 1000;
            // One in ten is late, among those that are there.
            const std::int64_t at = random.oneIn(10) ? time - random.whole(0, 5'000'000) : time;
            const std::string text = random.oneIn(oneIn) ? "9007199254740993" + std::to_string(i) : std::to_string(i);
            const double number = numberIn(text);
            series.append({at}, number, digitsBeyond(number, text));
            plain.append(at, text);
            if (i % 4000 == 3999) { // a stretch is read again
                const std::int64_t from = time - random.whole(100'000, 3'000'000);
                const TimeRange range{{from}, {from + random.whole(1, 1'000'000)}};
                series.clearRange(range);
                std::erase_if(plain.samples, [range](const Read& read) { return range.contains({read.first}); });
            }
        }
        QCOMPARE(readFrom(series, all).size(), plain.samples.size());
        QVERIFY(readFrom(series, all) == plain.samples);
        const TimeRange part{{time - 2'000'000}, {time - 1'000'000}};
        QVERIFY(!plain.in(part).empty());
        QVERIFY(readFrom(series, part) == plain.in(part));
        series.clear();
        QVERIFY(readFrom(series, all).empty());
    }

    void theyCountForTheBudgetAndGoWithTheirSamples()
    {
        SeriesSet set;
        const SeriesId plain = set.add({}), written = set.add({});
        const std::string text = "1700000000123456789";
        for (int i = 0; i < 100'000; ++i) {
            set.append(plain, {i * second}, numberIn(text));
            set.append(written, {i * second}, numberIn(text), text);
        }
        QVERIFY(set.series(written).bytes() > set.series(plain).bytes() + 100'000 * text.size());
        QCOMPARE(set.bytes(), set.series(plain).bytes() + set.series(written).bytes());
        set.setBudget(set.bytes() / 4);
        QVERIFY(set.bytes() <= set.budget());
        const std::vector<Read> left = readFrom(set.series(written), all);
        QCOMPARE(left.size(), set.series(written).size());
        QVERIFY(left.size() < 100'000);
        for (const Read& read : left)
            QCOMPARE(read.second, text);
    }

    void aSampleWithoutMoreDigitsCostsNothing()
    {
        Series series;
        for (int i = 0; i < 2 * int{Chunk::capacity}; ++i)
            series.append({i}, i);
        const std::size_t bytes = series.bytes();
        series.clear();
        for (int i = 0; i < 2 * int{Chunk::capacity}; ++i)
            series.append({i}, i, digitsBeyond(i, std::to_string(i)));
        QCOMPARE(series.bytes(), bytes);
    }
};

QTEST_GUILESS_MAIN(TestWrittenNumbers)
#include "tst_writtennumbers.moc"
