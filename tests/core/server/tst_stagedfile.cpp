// Rows staged on disk: whole pieces survive a crash, half ones do not.
#include "core/server/stagedfile.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

StagedRows rowsOf(std::initializer_list<const char*> payloads)
{
    StagedRows rows;
    std::int64_t time = 0;
    for (const char* payload : payloads)
        rows.add({++time}, payload);
    return rows;
}

/// `time payload` for each row of all batches, batches divided by a bar.
QByteArray read(const std::filesystem::path& path)
{
    QByteArray all;
    const auto next = StagedFile::batches(path, 9);
    while (true) {
        const auto batch = next();
        if (!batch)
            return "error: " + QByteArray::fromStdString(batch.error().detail);
        if (!*batch)
            return all;
        for (std::size_t i = 0; i < (*batch)->datapoints.size(); ++i)
            all += QByteArray::number(qlonglong((*batch)->datapoints[i].time.us)) + ' ' +
                   QByteArray::fromStdString(std::string((*batch)->payload(i))) + ' ';
        all += (*batch)->source == 9 ? "| " : "wrong source ";
    }
}

} // namespace

class TestStagedFile : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::filesystem::path path(const char* name) const { return folder_.filePath(QString::fromUtf8(name)).toStdString(); }

private Q_SLOTS:
    void rowsAreReadAsTheyWereStaged()
    {
        auto file = StagedFile::open(path("a"));
        QVERIFY(file.has_value());
        QVERIFY(file->append(rowsOf({"{\"a\":1}", "{}"})).has_value());
        QVERIFY(file->append(rowsOf({"{\"b\":\"\\u00e9\"}"})).has_value());
        QCOMPARE(file->rows(), std::int64_t(3));
        QCOMPARE(read(path("a")), QByteArray("1 {\"a\":1} 2 {} | 1 {\"b\":\"\\u00e9\"} | "));
        QCOMPARE(StagedFile::open(path("a"))->rows(), std::int64_t(3));
    }

    void aPieceThatACrashCutOffIsNoPieceAndTheNextTakesItsPlace()
    {
        {
            auto file = StagedFile::open(path("b"));
            QVERIFY(file->append(rowsOf({"{\"a\":1}"})).has_value());
            QVERIFY(file->append(rowsOf({"{\"a\":2}", "{\"a\":3}"})).has_value());
        }
        QFile raw(QString::fromStdString(path("b").string()));
        QVERIFY(raw.open(QIODevice::ReadOnly));
        const QByteArray whole = raw.readAll();
        raw.close();
        for (qsizetype size = whole.size() - 1; size > 0; size -= 7) {
            QVERIFY(raw.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QCOMPARE(raw.write(whole.first(size)), size);
            raw.close();
            auto file = StagedFile::open(path("b"));
            QVERIFY(file.has_value());
            QVERIFY(file->rows() == 1 || file->rows() == 0);
            const bool kept = file->rows() == 1;
            QCOMPARE(read(path("b")), kept ? QByteArray("1 {\"a\":1} | ") : QByteArray());
            QVERIFY(file->append(rowsOf({"{\"c\":4}"})).has_value());
            QCOMPARE(read(path("b")), QByteArray((kept ? QByteArray("1 {\"a\":1} | ") : QByteArray()) + "1 {\"c\":4} | "));
        }
    }

    void aPieceThatTheDiskChangedIsNoPiece()
    {
        {
            auto file = StagedFile::open(path("c"));
            QVERIFY(file->append(rowsOf({"{\"a\":1}"})).has_value());
        }
        QFile raw(QString::fromStdString(path("c").string()));
        QVERIFY(raw.open(QIODevice::ReadWrite));
        raw.seek(raw.size() - 2);
        raw.write("9");
        raw.close();
        QCOMPARE(StagedFile::open(path("c"))->rows(), std::int64_t(0));
    }
};

QTEST_APPLESS_MAIN(TestStagedFile)
#include "tst_stagedfile.moc"
