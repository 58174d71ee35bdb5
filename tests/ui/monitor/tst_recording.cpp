// What is recorded comes back byte for byte; a recording ends at its budget and says so.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/recording.h"

#include <QTemporaryDir>
#include <QtTest/QtTest>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;

client::StreamItem item(std::int64_t seconds, const QString& text)
{
    return {Timestamp{seconds * second + 7}, "s1", text.toStdString()};
}

QByteArray contentOf(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestRecording : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString name_ = folder_.filePath(QStringLiteral("r.ndjson"));

private Q_SLOTS:
    void whatIsRecordedComesBack()
    {
        Recorder recorder;
        QVERIFY(recorder.start(name_));
        recorder.add(EndpointId{"room"}, {item(2, json("{'c':1.50,'s':'a\\n,item:'}")), item(1, json("{'c':9007199254740993}"))},
                     {0});
        recorder.add(EndpointId{"hall"}, {{std::nullopt, {}, "[1]"}}, {5 * second});
        recorder.stop();
        const auto read = readRecording(name_);
        QVERIFY(read);
        QCOMPARE(read->size(), std::size_t{2});
        const auto& room = read->at(EndpointId{"room"});
        QCOMPARE(room.size(), std::size_t{2});
        QCOMPARE(room[0].json, json("{'c':1.50,'s':'a\\n,item:'}").toStdString());
        QCOMPARE(room[0].time, std::optional(Timestamp{2 * second + 7}));
        QCOMPARE(room[1].json, json("{'c':9007199254740993}").toStdString());
        // Without a time of its own it stands at its arrival.
        QCOMPARE(read->at(EndpointId{"hall"})[0].time, std::optional(Timestamp{5 * second}));
    }

    void itEndsAtItsBudgetAndSaysSo()
    {
        Recorder recorder;
        QSignalSpy stopped(&recorder, &Recorder::stopped);
        QVERIFY(recorder.start(name_, 1000));
        for (int i = 0; i < 100; ++i)
            recorder.add(EndpointId{"room"}, {item(i, json("{'c':1}"))}, {0});
        QVERIFY(!recorder.isRecording());
        QCOMPARE(stopped.count(), 1);
        QVERIFY(!stopped.at(0).at(0).toString().isEmpty());
        QVERIFY(QFileInfo(name_).size() <= 1000);
        QVERIFY(readRecording(name_));
    }

    void aLineThatWasCutOffIsLeftOut()
    {
        Recorder recorder;
        QVERIFY(recorder.start(name_));
        recorder.add(EndpointId{"room"}, {item(1, json("{'c':1}")), item(2, json("{'c':2}"))}, {0});
        recorder.stop();
        const QByteArray whole = contentOf(name_);
        QFile file(name_);
        QVERIFY(file.resize(whole.size() - 5));
        const auto read = readRecording(name_);
        QVERIFY(read);
        QCOMPARE(read->at(EndpointId{"room"}).size(), std::size_t{1});
    }

    void whatIsNoRecordingIsRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("expected");
        QTest::newRow("something else") << QByteArray("hello\n") << "no recording";
        QTest::newRow("a line that is no item") << QByteArray("{\"iotman_recording\":1}\nhello\n") << "Line 2";
        QTest::newRow("an endpoint that cannot be")
            << QByteArray("{\"iotman_recording\":1}\n{\"endpoint\":\"a b\",\"item\":1}\n") << "Line 2";
    }
    void whatIsNoRecordingIsRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, expected);
        QFile file(name_);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto read = readRecording(name_);
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().detail).contains(expected), read.error().detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRecording)
#include "tst_recording.moc"
