// The pieces in which a file is sent: nothing lost, nothing doubled, whatever their size.
#include "core/import/chunkreader.h"
#include "core/import/detect.h"
#include "tests/core/import/support.h"

#include <fstream>
#include <sstream>

using namespace iotman;
using namespace iotman::files;

namespace {

struct Sent {
    std::string lines;
    std::int64_t rows = 0;
    int chunks = 0;
    ImportCount count;
    std::string error;
};

Sent sent(std::string_view text, const Options& options, std::size_t most)
{
    Sent all;
    MemorySource source(text);
    auto reader = ChunkReader::open(source, options, most);
    if (!reader)
        return {{}, 0, 0, {}, reader.error().detail};
    for (;;) {
        const Expected<Chunk> chunk = reader->next();
        if (!chunk) {
            all.error = chunk.error().detail;
            break;
        }
        ++all.chunks;
        all.rows += chunk->rows;
        all.lines += chunk->lines;
        if (chunk->last)
            break;
    }
    all.count = reader->count();
    return all;
}

std::string fileText(const char* name)
{
    std::ifstream file(std::string(IOTMAN_SOURCE_DIR "/tests/core/import/data/") + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

class TestChunks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSameLinesComeWhateverTheSizeOfAPiece_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("rows");
        QTest::newRow("data-1: two series share every time") << QByteArray("weather-two-cities.csv") << 2922;
        QTest::newRow("data-2: dates that look like seconds, empty cells") << QByteArray("co2-weekly.csv") << 2284;
        QTest::newRow("data-3: an array on one line") << QByteArray("flights-2k.json") << 2000;
        QTest::newRow("data-4: yearly values") << QByteArray("iowa-electricity.csv") << 51;
        QTest::newRow("data-5: a machine's metrics") << QByteArray("server-load.ndjson") << 2880;
        QTest::newRow("data-6: time that starts at 0") << QByteArray("motor-1khz.csv") << 756;
        QTest::newRow("data-7: a year of hours") << QByteArray("seattle-weather-hourly-normals.csv") << 8759;
    }
    void theSameLinesComeWhateverTheSizeOfAPiece()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, rows);
        const std::string text = fileText(file.constData());
        const Options options = detect(std::string_view(text).substr(0, sampleSize), Sample::Start).options;
        const Sent whole = sent(text, options, ChunkReader::usualBytes);
        QCOMPARE(whole.error, std::string());
        QCOMPARE(whole.rows, rows);
        QCOMPARE(whole.count.rows, rows);
        QCOMPARE(whole.count.refused, 0);
        QCOMPARE(std::count(whole.lines.begin(), whole.lines.end(), '\n'), rows);
        for (const std::size_t most : {std::size_t(1), std::size_t(1000), std::size_t(65536)}) {
            const Sent pieces = sent(text, options, most);
            QCOMPARE(pieces.chunks > 1, whole.lines.size() > most);
            QVERIFY(pieces.lines == whole.lines);
        }
    }

    void badRowsAreCountedAndTheOthersComeThrough()
    {
        Options options;
        options.timeColumn = "t";
        options.timeFormat = TimeFormat::Seconds;
        const Sent all = sent("t,v\n1,a\n2\n3,c\n4,d,e\n5,\"f\n", options, 1000);
        QCOMPARE(QByteArray::fromStdString(all.lines),
                 QByteArray("{\"time\":1,\"payload\":{\"t\":1,\"v\":\"a\"}}\n{\"time\":3,\"payload\":{\"t\":3,\"v\":\"c\"}}\n"));
        QCOMPARE(all.count.refused, 3);
        QCOMPARE(all.count.refusals[0].line, 3);
        QCOMPARE(all.count.refusals[1].line, 5);
        QCOMPARE(all.count.refusals[2].line, 6);
        const std::string csv = refusalsCsv(all.count.refusals);
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 4);
    }

    void aRowWithoutATimeColumnHasNoTime()
    {
        Options options;
        QCOMPARE(QByteArray::fromStdString(sent("a\n1\n", options, 1000).lines), QByteArray("{\"payload\":{\"a\":1}}\n"));
    }

    void anObjectOverSeveralLinesIsOneLine()
    {
        Options options;
        options.format = Format::Json;
        QCOMPARE(QByteArray::fromStdString(sent("[\n{\n\"a\": 1.50,\r\n\"b\":\"x\"}\n]", options, 1000).lines),
                 QByteArray("{\"payload\":{ \"a\": 1.50,  \"b\":\"x\"}}\n"));
    }

    void aFileThatIsUselessSaysSo()
    {
        Options options;
        options.timeColumn = "when";
        QVERIFY(!sent("a,b\n1,2\n", options, 1000).error.empty());
    }

    void refusalsAreQuotedAsCsv()
    {
        QCOMPARE(refusalsCsv({{7, "expected “,”, not \"x\""}}),
                 std::string("line,reason\r\n7,\"expected “,”, not \"\"x\"\"\"\r\n"));
    }
};

QTEST_APPLESS_MAIN(TestChunks)
#include "tst_chunks.moc"
