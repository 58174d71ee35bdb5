// Folders and who holds them.
#include "core/store/datafolder.h"
#include "core/store/ephemeralfolder.h"
#include "core/store/sqlitestore.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace iotman;
using namespace iotman::store;
namespace fs = std::filesystem;

namespace {

/// Runs `inside` in a process of its own that is killed in the midst of it: nothing in it is cleaned up.
template <class Inside>
void inKilledProcess(const Inside& inside)
{
    const pid_t child = ::fork();
    if (child == 0) {
        inside([] { ::raise(SIGKILL); });
        std::_Exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
}

unsigned modeOf(const fs::path& path)
{
    return static_cast<unsigned>(fs::status(path).permissions()) & 0777;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestDataFolder : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> temporary_;
    fs::path place() const { return temporary_->path().toStdString(); }

private Q_SLOTS:
    void init() { temporary_.emplace(); }

    void aNewFolderIsPrivate()
    {
        const auto folder = DataFolder::open(place() / "a" / "data", "iotman-server");
        VERIFY_DONE(folder);
        QCOMPARE(modeOf(folder->path()), 0700u);
        QCOMPARE(modeOf(folder->path() / "lock"), 0600u);
        VERIFY_DONE(SqliteStore::open(folder->path(), smallCatalog()));
        QCOMPARE(modeOf(folder->path() / "workspace.sqlite"), 0600u);
    }

    void aFolderInUseIsRefusedAndTheHolderNamed()
    {
        auto held = DataFolder::open(place() / "data", "iotman-server");
        VERIFY_DONE(held);
        const auto refused = DataFolder::open(place() / "data", "iotman-desktop");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Problem::Conflict);
        const std::string path = fs::canonical(place() / "data").string();
        QCOMPARE(refused.error().detail,
                 "“" + path + "” is in use by iotman-server (process " + std::to_string(::getpid()) + ")");
        VERIFY_DONE(held->setUrl("http://127.0.0.1:8787"));
        QVERIFY(contains(DataFolder::open(place() / "data", "iotman-desktop").error().detail, "), http://127.0.0.1:8787"));
    }

    void aFolderInUseIsFoundThroughASymbolicLink()
    {
        const auto held = DataFolder::open(place() / "data", "iotman-server");
        VERIFY_DONE(held);
        fs::create_directory_symlink(place() / "data", place() / "link");
        const auto refused = DataFolder::open(place() / "link", "iotman-server");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Problem::Conflict);
        QVERIFY(contains(refused.error().detail, held->path().string()));
    }

    void theHolderIsReadWhileThereIsOne()
    {
        QVERIFY(!*readHolder(place() / "nowhere"));
        {
            auto held = DataFolder::open(place() / "data/", "iotman-server");
            VERIFY_DONE(held);
            VERIFY_DONE(held->setUrl("http://127.0.0.1:41217"));
            const auto holder = readHolder(place() / "data");
            VERIFY_DONE(holder);
            QVERIFY(holder->has_value());
            QCOMPARE((*holder)->process, std::int64_t(::getpid()));
            QCOMPARE((*holder)->program, std::string("iotman-server"));
            QCOMPARE((*holder)->url, std::string("http://127.0.0.1:41217"));
            QCOMPARE((*holder)->certificate, std::string());
            VERIFY_DONE(held->setUrl("https://127.0.0.1:41217", "a1b2"));
            QCOMPARE((*readHolder(place() / "data"))->certificate, std::string("a1b2"));
        }
        QVERIFY(!*readHolder(place() / "data"));
        VERIFY_DONE(DataFolder::open(place() / "data", "iotman-server"));
    }

    void aHolderThatWasKilledHoldsNothing()
    {
        inKilledProcess([&](const auto& kill) {
            const auto held = DataFolder::open(place() / "data", "iotman-server");
            if (held)
                kill();
        });
        QVERIFY(!*readHolder(place() / "data"));
        VERIFY_DONE(DataFolder::open(place() / "data", "iotman-server"));
    }

    void oddNamesWork_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"데이터 폴더 ß#1%20?", "a 'quote' and a \"double\" one", "ends in a blank ", "file:x?mode=memory", ":memory:"})
            QTest::newRow(name) << QByteArray(name);
        QTest::newRow("200 characters") << QByteArray(200, 'n');
    }
    void oddNamesWork()
    {
        QFETCH(QByteArray, name);
        for (int start = 0; start < 2; ++start) {
            const auto folder = DataFolder::open(place() / name.toStdString(), "iotman-server");
            VERIFY_DONE(folder);
            const auto store = SqliteStore::open(folder->path(), smallCatalog());
            VERIFY_DONE(store);
            VERIFY_DONE(append(**store, batchOf(1, {{start}})));
            QCOMPARE(newestFirst(*(*store)->reader(), 3).size(), std::size_t(start) + 1);
        }
        QVERIFY(fs::exists(place() / name.toStdString() / "workspace.sqlite"));
    }

    void whatCannotBeAFolderIsNamed_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("a file") << QByteArray("file");
        QTest::newRow("below a file") << QByteArray("file/data");
        QTest::newRow("a link to nowhere") << QByteArray("dangling/data");
        QTest::newRow("a place where nothing can be made") << QByteArray("/proc/iotman");
        QTest::newRow("a name too long") << QByteArray(300, 'n');
    }
    void whatCannotBeAFolderIsNamed()
    {
        QFETCH(QByteArray, path);
        QFile file(temporary_->filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        fs::create_symlink("nowhere", place() / "dangling");
        const fs::path folder = place() / path.toStdString();
        const auto opened = DataFolder::open(folder, "iotman-server");
        QVERIFY(!opened);
        QVERIFY2(contains(opened.error().detail, folder.string()), opened.error().detail.c_str());
    }

    void anEphemeralFolderIsPrivateAndGoes()
    {
        fs::path path;
        {
            const auto folder = EphemeralFolder::create();
            VERIFY_DONE(folder);
            path = folder->path();
            QCOMPARE(modeOf(path), 0700u);
            const auto data = DataFolder::open(path, "iotman-server");
            VERIFY_DONE(data);
            const auto store = SqliteStore::open(data->path(), smallCatalog());
            VERIFY_DONE(store);
        }
        QVERIFY(!fs::exists(path));
    }

    void leftoversOfKilledProcessesAreSweptAndNothingElse()
    {
        const std::vector<fs::path> places{place()};
        inKilledProcess([&](const auto& kill) {
            const auto left = EphemeralFolder::createIn(places);
            if (left && DataFolder::open(left->path(), "iotman-server"))
                kill();
        });
        const auto countFolders = [&] { return std::distance(fs::directory_iterator(place()), fs::directory_iterator()); };
        QCOMPARE(countFolders(), std::ptrdiff_t(1));
        fs::create_directory(place() / "somebody else's");
        const auto used = EphemeralFolder::createIn(places);
        VERIFY_DONE(used);
        QCOMPARE(countFolders(), std::ptrdiff_t(2));
        const auto another = EphemeralFolder::createIn(places);
        VERIFY_DONE(another);
        QCOMPARE(countFolders(), std::ptrdiff_t(3));
        QVERIFY(fs::exists(used->path()));
    }

    void theNextPlaceIsTakenWhereTheFirstCannotBeWritten()
    {
        const std::vector<fs::path> places{place() / "missing", place()};
        const auto folder = EphemeralFolder::createIn(places);
        VERIFY_DONE(folder);
        QCOMPARE(folder->path().parent_path(), place());
        const std::vector<fs::path> none{place() / "missing"};
        const auto failed = EphemeralFolder::createIn(none);
        QVERIFY(!failed);
        QVERIFY(contains(failed.error().detail, "missing"));
    }
};

QTEST_APPLESS_MAIN(TestDataFolder)
#include "tst_datafolder.moc"
