// Folders as earlier formats of this program left them: each is opened, whole, and goes on.
#include "core/store/check.h"
#include "core/store/peek.h"
#include "core/store/schema.h"
#include "core/store/snapshot.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;
using namespace std::chrono_literals;

class TestSchemas : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_;

    std::filesystem::path folder() const { return folder_->path().toStdString(); }
    static QString dumps() { return QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/schemas"); }
    static void addFormats()
    {
        QTest::addColumn<int>("format");
        for (int format = 1; format <= static_cast<int>(schemaSteps().size()); ++format)
            QTest::addRow("format %d", format) << format;
    }
    /// Makes the folder what the dump says.
    void load(int format) const
    {
        QFile dump(dumps() + QStringLiteral("/%1.sql").arg(format));
        QVERIFY2(dump.open(QIODevice::ReadOnly), qPrintable(dump.fileName()));
        auto connection = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::Create, 1s);
        VERIFY_DONE(connection);
        VERIFY_DONE(connection->execute(dump.readAll().constData()));
        QCOMPARE(*connection->integer("PRAGMA user_version"), std::int64_t(format));
    }

private Q_SLOTS:
    void init() { folder_.emplace(); }

    void eachFormatHasItsFolder()
    {
        QCOMPARE(QDir(dumps()).entryList({QStringLiteral("*.sql")}).size(), qsizetype(schemaSteps().size()));
    }

    void aFolderOfEachFormatIsOpenedWhole_data() { addFormats(); }
    void aFolderOfEachFormatIsOpenedWhole()
    {
        QFETCH(int, format);
        load(format);
        const auto peeked = peekCatalog(folder()); // which leaves it as it is
        VERIFY_DONE(peeked);
        QCOMPARE(peeked->workspace.name, std::string("Formats"));
        {
            const auto store = SqliteStore::open(folder(), smallCatalog());
            VERIFY_DONE(store);
            const std::shared_ptr<const Catalog> catalog = (*store)->catalog();
            QCOMPARE(catalog->workspace.name, std::string("Formats"));
            QCOMPARE(catalog->scopes.size(), std::size_t(1));
            QCOMPARE(catalog->clients.size(), std::size_t(1));
            QCOMPARE(catalog->members.size(), std::size_t(1));
            QCOMPARE(catalog->cors.list.size(), std::size_t(1));
            const Source& room = catalog->sources.at(SourceName{"room"});
            const Output* all = catalog->outputNamed(OutputName{"all"});
            QVERIFY(all);
            QCOMPARE(catalog->endpoints.at(EndpointId{"all"}).requiredScope->text, std::string("room:read"));

            const std::unique_ptr<Reader> reader = (*store)->reader();
            Lines expected;
            for (int n = 0; n < 300; ++n)
                expected.push_back(line({{(n * 37 % 300) * Timestamp::usPerSecond}, Sequence(n + 1)}, "1 "));
            const Lines points = datapoints(*reader, room.key);
            QCOMPARE(points.size(), std::size_t(300));
            for (std::size_t n = 0; n < points.size(); ++n) {
                const std::string payload = "{\"t\":" + std::to_string(n * 37 % 300) + ",\"v\":" + std::to_string(n) + ".10}";
                QVERIFY2(points[n] == expected[n] + payload, points[n].c_str());
            }
            const Lines items = newestFirst(*reader, all->key);
            QCOMPARE(items.size(), std::size_t(300));
            QCOMPARE(items.front(), line({{299 * Timestamp::usPerSecond}, 228}, "{\"v\":227.10}"));
            bool isJoined = false;
            VERIFY_DONE(reader->newestFirst(all->key, Timestamp::min(), Timestamp::max(), {}, [&](const ItemRun& run) {
                isJoined = isJoined || run.joined();
                return true;
            }));
            QCOMPARE(isJoined, format >= 7);
            QCOMPARE((*store)->counts(all->key).items, std::int64_t(300));
            QCOMPARE((*store)->sourceCounts(room.key).datapoints, std::int64_t(300));
            QVERIFY(!reader->audit(INT64_MAX, 1000)->empty());

            const auto appended = append(**store, batchOf(room.key, {{1}, {2}}));
            VERIFY_DONE(appended);
            QCOMPARE(appended->first, Sequence(301));
            VERIFY_DONE((*store)->saveSnapshot(folder() / "s", {}, Extent::Data));
            // What came before datapoints said how they came in is of the past.
            std::string arrivals;
            VERIFY_DONE((*store)->stagedReader()->allDatapoints(0, INT64_MAX, [&](const KeptDatapoint& datapoint) {
                arrivals += datapoint.arrival == Arrival::History ? 'h' : 'l';
                return true;
            }));
            const std::string before = format < 8 ? std::string(300, 'h') : std::string(270, 'h') + std::string(29, 'l') + "h";
            QCOMPARE(arrivals, before + "ll");
        }
        const auto checked = check(folder());
        VERIFY_DONE(checked);
        QCOMPARE(checked->datapoints, std::int64_t(302));
        auto connection = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadOnly, 1s);
        VERIFY_DONE(connection);
        QCOMPARE(*connection->integer("PRAGMA user_version"), std::int64_t(schemaSteps().size()));
    }

    void aSnapshotOfEachFormatIsRestored_data() { addFormats(); }
    void aSnapshotOfEachFormatIsRestored()
    {
        QFETCH(int, format);
        load(format);
        // What a snapshot has besides the tables of its format, and has not.
        const std::filesystem::path file = folder() / "old.snapshot";
        std::filesystem::rename(folder() / "workspace.sqlite", file);
        {
            auto connection = Connection::open(file.string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(connection);
            VERIFY_DONE(connection->execute("DELETE FROM resource WHERE kind IN ('workspace', 'scope', 'client', 'member');"
                                            "INSERT INTO state VALUES ('created_at', 5), ('checksum', 0)"));
        }
        const bool isOfToday = format == static_cast<int>(schemaSteps().size()); // then its checksum counts, and is none
        QCOMPARE(checkSnapshot(file).has_value(), !isOfToday);
        const auto store = SqliteStore::open(folder(), smallCatalog());
        VERIFY_DONE(store);
        const auto restored = await<void>([&](Reply<void> reply) {
            (*store)->restoreSnapshot(file, "ada", {5}, {"snapshot", "old", {}, "{}"}, {}, std::move(reply));
        });
        const auto again = await<void>([&](Reply<void> reply) {
            (*store)->restoreSnapshot(file, "ada", {6}, {"snapshot", "old", {}, "{}"}, {}, std::move(reply));
        });
        QCOMPARE(again.has_value(), restored.has_value());
        QCOMPARE(checkSnapshot(file).has_value(), !isOfToday);
        if (isOfToday) {
            QVERIFY(!restored);
            return;
        }
        VERIFY_DONE(restored);
        QCOMPARE(newestFirst(*(*store)->reader(), (*store)->catalog()->outputNamed(OutputName{"all"})->key).size(),
                 std::size_t(300));
        // The endpoint asks for a scope that is not there: it stays shut.
        QVERIFY(!(*store)->catalog()->endpoints.at(EndpointId{"all"}).enabled);
    }
};

QTEST_GUILESS_MAIN(TestSchemas)
#include "tst_schemas.moc"
