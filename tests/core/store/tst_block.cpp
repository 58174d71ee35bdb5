// Blocks as bytes.
#include "core/store/block.h"
#include "core/store/blockcut.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::store;

namespace {

std::vector<Entry> entries(std::size_t count, std::string_view text, Arrival arrival = Arrival::Live)
{
    std::vector<Entry> all;
    for (std::size_t i = count; i > 0; --i)
        all.push_back({{{static_cast<std::int64_t>(i * 10)}, i}, arrival, text});
    return all;
}

} // namespace

class TestBlock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBlockIsReadAsItWasWritten_data()
    {
        QTest::addColumn<std::vector<Entry>>("written");
        QTest::newRow("one entry") << entries(1, "{}");
        QTest::newRow("an empty text") << entries(3, "");
        QTest::newRow("128 entries") << entries(128, R"({"a":1})");
        QTest::newRow("all History") << entries(5, "x", Arrival::History);
        std::vector<Entry> mixed = entries(6, "x");
        mixed[1].arrival = mixed[4].arrival = Arrival::History;
        QTest::newRow("some History") << mixed;
        QTest::newRow("the farthest times and sequences") << std::vector<Entry>{
            {{Timestamp::max(), UINT64_MAX}, Arrival::Live, "b"}, {{Timestamp::min(), 0}, Arrival::Live, "a"}};
        static const std::string large(70'000, 'x');
        QTest::newRow("texts beyond 64 KiB") << entries(2, large);
        QTest::newRow("times that a 32-bit number just holds")
            << std::vector<Entry>{{{{UINT32_MAX}, 2}, Arrival::Live, "b"}, {{{0}, 1}, Arrival::Live, "a"}};
        QTest::newRow("times that it does not hold")
            << std::vector<Entry>{{{{std::int64_t(UINT32_MAX) + 1}, 2}, Arrival::Live, "b"}, {{{0}, 1}, Arrival::Live, "a"}};
    }
    void aBlockIsReadAsItWasWritten()
    {
        QFETCH(std::vector<Entry>, written);
        const std::string bytes = encodeBlock(written);
        const auto block = BlockView::parse(bytes);
        QVERIFY(block && block->isIntact());
        QCOMPARE(block->size(), written.size());
        for (std::size_t i = 0; i < written.size(); ++i) {
            QCOMPARE(block->position(i), written[i].position);
            QCOMPARE(block->arrival(i), written[i].arrival);
            QCOMPARE(block->text(i), written[i].text);
        }
        Compressor compressor;
        QCOMPARE(decompressed(compressor.compressed(bytes)), std::optional(bytes));
    }

    void columnsAreAsNarrowAsTheirNumbers_data()
    {
        QTest::addColumn<qint64>("beat"); // between two entries
        QTest::addColumn<qint64>("off");  // of one entry
        QTest::addColumn<int>("bytes");   // of all but the texts and the commas between them
        constexpr int header = 32, step = 8, ends = 2 * 128, sequences = 128;
        QTest::newRow("one time") << qint64(0) << qint64(0) << header + ends + sequences;
        QTest::newRow("a beat of a second") << qint64(1'000'000) << qint64(0) << header + step + ends + sequences + 128;
        QTest::newRow("a beat of a day, one an hour late") << qint64(86'400'000'000) << qint64(3'600'000'000) << header + step + ends + sequences + 256;
        QTest::newRow("a beat of a second, one a microsecond late") << qint64(1'000'000) << qint64(1) << header + ends + sequences + 512;
        QTest::newRow("a beat of an hour, one a microsecond late") << qint64(3'600'000'000) << qint64(1) << header + ends + sequences + 1024;
    }
    void columnsAreAsNarrowAsTheirNumbers()
    {
        QFETCH(qint64, beat);
        QFETCH(qint64, off);
        QFETCH(int, bytes);
        std::vector<Entry> written;
        for (int i = 128; i > 0; --i)
            written.push_back({{{i * beat + (i == 50 ? off : 0)}, std::uint64_t(i)}, Arrival::Live, {}});
        const std::string encoded = encodeBlock(written);
        QCOMPARE(encoded.size(), std::size_t(bytes) + written.size() - 1);
        const auto block = BlockView::parse(encoded);
        QVERIFY(block && block->isIntact());
        for (std::size_t i = 0; i < written.size(); ++i)
            QCOMPARE(block->position(i), written[i].position);
    }

    void textsLieAsAPageHasThem()
    {
        const std::vector<Entry> written{
            {{{3}, 3}, Arrival::Live, "{}"}, {{{2}, 2}, Arrival::Live, ""}, {{{1}, 1}, Arrival::Live, "1.50"}};
        const std::string bytes = encodeBlock(written);
        const auto block = BlockView::parse(bytes);
        QVERIFY(block && block->isJoined());
        QCOMPARE(block->texts(0, 3), std::string_view("{},,1.50"));
        QCOMPARE(block->texts(1, 3), std::string_view(",1.50"));
        const ItemRun run(*block, 0, 3);
        QCOMPARE(run.size(), std::size_t(3));
        QCOMPARE(run[2].position, written[2].position);
        QCOMPARE(run[2].text, written[2].text);
        QCOMPARE(run.first(1).joined(), std::optional<std::string_view>("{}"));
        const Item item{{{1}, 1}, "1"};
        QCOMPARE(ItemRun({&item, 1}).joined(), std::nullopt);
    }

    void aPositionIsFoundInABlock()
    {
        const std::string bytes = encodeBlock(entries(100, "x"));
        const auto block = BlockView::parse(bytes);
        QVERIFY(block);
        QCOMPARE(block->firstBefore({{5000}, 0}), std::size_t(0));
        QCOMPARE(block->firstBefore({{1000}, 100}), std::size_t(1)); // the newest itself does not stand before it
        QCOMPARE(block->firstBefore({{1000}, 101}), std::size_t(0));
        QCOMPARE(block->firstBefore({{10}, 2}), std::size_t(99));
        QCOMPARE(block->firstBefore({{10}, 1}), std::size_t(100));
        QCOMPARE(block->firstBefore({{0}, 0}), std::size_t(100));
    }

    void bytesThatAreNoBlockAreRefused()
    {
        const std::string bytes = encodeBlock(entries(20, R"({"a":1})"));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY2(!BlockView::parse(std::string_view(bytes).substr(0, size)), qPrintable(QString::number(size)));
        QVERIFY(!BlockView::parse(bytes + "x"));
        const std::string packed = Compressor().compressed(bytes);
        for (std::size_t size = 0; size < packed.size(); ++size)
            QVERIFY(!decompressed(std::string_view(packed).substr(0, size)));
    }

    void aChangedByteIsEitherRefusedOrNotIntact()
    {
        const std::string bytes = encodeBlock(entries(20, R"({"a":1})"));
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
                const auto block = BlockView::parse(changed);
                QVERIFY2(!block || !block->isIntact(), qPrintable(QString::number(at)));
            }
        }
    }

    void entriesAreCutEvenly_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("textSize");
        QTest::addColumn<std::vector<std::size_t>>("sizes");
        using Sizes = std::vector<std::size_t>;
        QTest::newRow("nothing") << 0 << 1 << Sizes{};
        QTest::newRow("a full one") << 112 << 1 << Sizes{112};
        QTest::newRow("one too many") << 113 << 1 << Sizes{57, 56};
        QTest::newRow("a thousand") << 1000 << 1 << Sizes{112, 112, 112, 112, 112, 112, 112, 112, 104};
        QTest::newRow("large texts") << 5 << 60'000 << Sizes{2, 2, 1};
        QTest::newRow("texts larger than a block") << 3 << 500'000 << Sizes{1, 1, 1};
    }
    void entriesAreCutEvenly()
    {
        QFETCH(int, count);
        QFETCH(int, textSize);
        QFETCH(std::vector<std::size_t>, sizes);
        const std::string text(static_cast<std::size_t>(textSize), 'x');
        const std::vector<Entry> all = entries(static_cast<std::size_t>(count), text);
        std::vector<std::size_t> got;
        const Entry* next = all.data();
        for (const std::span<const Entry> block : cutIntoBlocks(all, itemBlock)) {
            QCOMPARE(block.data(), next);
            next += block.size();
            got.push_back(block.size());
        }
        QCOMPARE(got, sizes);
    }
};

QTEST_APPLESS_MAIN(TestBlock)
#include "tst_block.moc"
