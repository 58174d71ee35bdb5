#include "tests/core/import/support.h"

using namespace iotman;
using namespace iotman::files;
using namespace iotman::files::test;

class TestFileSource : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::string path(const char* name) const { return folder_.filePath(QString::fromUtf8(name)).toStdString(); }

    std::string written(const char* name, const QByteArray& bytes) const
    {
        QFile file(QString::fromStdString(path(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        return path(name);
    }

private Q_SLOTS:
    void aFileIsReadToItsEnd()
    {
        auto source = FileSource::open(written("a.csv", "a\n1\n"));
        QVERIFY(source);
        QCOMPARE(source->size(), std::int64_t(4));
        QCOMPARE(told(*source, {}), QByteArray("2 - {\"a\":1}"));
    }

    void whatIsNoFileIsNamed()
    {
        const auto missing = FileSource::open(path("missing.csv"));
        QVERIFY(missing.error().kind == Problem::NotFound);
        QVERIFY(missing.error().detail.find("missing.csv") != std::string::npos);
        const auto folder = FileSource::open(folder_.path().toStdString());
        QVERIFY(folder.error().kind == Problem::BadRequest);
        QVERIFY(folder.error().detail.ends_with("is a folder"));
        const auto device = FileSource::open("/dev/null");
        QVERIFY(device.error().detail.ends_with("is a device or a pipe"));
    }

    void aFileThatChangesWhileItIsReadIsRefused()
    {
        const std::string name = written("growing.csv", "a\n1\n");
        auto source = FileSource::open(name);
        QVERIFY(source);
        QFile file(QString::fromStdString(name));
        QVERIFY(file.open(QIODevice::Append) && file.write("2\n") == 2);
        file.close();
        const QByteArray text = told(*source, {});
        QVERIFY2(text.endsWith("changed while it was read; import it once nothing writes to it"), text.constData());
    }
};

QTEST_APPLESS_MAIN(TestFileSource)
#include "tst_filesource.moc"
