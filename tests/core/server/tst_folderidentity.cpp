#include "core/server/folderidentity.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

class TestFolderIdentity : public QObject {
    Q_OBJECT

    SystemRandom random_;
    std::unique_ptr<QTemporaryDir> dir_;

    std::filesystem::path folder(const char* name) const
    {
        const std::filesystem::path path = std::filesystem::path(dir_->path().toStdString()) / name;
        std::filesystem::create_directories(path);
        return path;
    }

private Q_SLOTS:
    void init() { dir_ = std::make_unique<QTemporaryDir>(); }

    void aFolderKeepsItsIdentity()
    {
        const std::string first = folderIdentity(folder("a"), random_);
        QCOMPARE(first.size(), std::size_t(43));
        QCOMPARE(folderIdentity(folder("a"), random_), first);
        QVERIFY(folderIdentity(folder("b"), random_) != first);
    }

    void itKeepsItWhenItIsMovedAndACopyHasAnother()
    {
        const std::string first = folderIdentity(folder("a"), random_);
        std::filesystem::copy(folder("a"), folder("copy"));
        const std::string ofCopy = folderIdentity(folder("copy"), random_);
        QVERIFY(ofCopy != first);
        QCOMPARE(folderIdentity(folder("copy"), random_), ofCopy);
        std::filesystem::rename(folder("a"), dir_->filePath(QStringLiteral("moved")).toStdString());
        QCOMPARE(folderIdentity(folder("moved"), random_), first);
    }

    void aFileThatIsDamagedIsReplaced_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "{", "[]", "{}", "{\"folder\":1}", "{\"folder\":\"1\",\"secret\":\"\"}"})
            QTest::newRow(text) << QByteArray(text);
    }
    void aFileThatIsDamagedIsReplaced()
    {
        QFETCH(QByteArray, text);
        QFile file(QString::fromStdString((folder("a") / "folder-identity.json").string()));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        const std::string made = folderIdentity(folder("a"), random_);
        QCOMPARE(made.size(), std::size_t(43));
        QCOMPARE(folderIdentity(folder("a"), random_), made);
    }

    void whereNothingCanBeWrittenItIsAnotherEachTime()
    {
        const std::filesystem::path none = std::filesystem::path(dir_->path().toStdString()) / "none";
        QVERIFY(folderIdentity(none, random_) != folderIdentity(none, random_));
    }
};

QTEST_APPLESS_MAIN(TestFolderIdentity)
#include "tst_folderidentity.moc"
