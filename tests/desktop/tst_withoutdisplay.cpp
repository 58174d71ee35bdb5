// store-10: what iotman-desktop says where there is no display.
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

namespace {

struct Ran {
    int code = -1;
    bool crashed = true;
    QByteArray out, err;
};

/// One run in a home of its own, with these variables of a display and no other.
Ran run(const QStringList& arguments, const QMap<QString, QString>& display = {})
{
    const QTemporaryDir home;
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const char* name :
         {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
        variables.remove(QLatin1String(name));
    variables.insert(QStringLiteral("HOME"), home.path());
    for (auto it = display.cbegin(); it != display.cend(); ++it)
        variables.insert(it.key(), it.value());
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(IOTMAN_DESKTOP), arguments);
    if (!process.waitForFinished(90'000))
        return {};
    return {process.exitCode(), process.exitStatus() != QProcess::NormalExit, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

} // namespace

class TestWithoutDisplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStartSaysSoInOneLineAndNamesTheServer_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("as it is") << QStringList();
        QTest::newRow("with a data folder") << QStringList{QStringLiteral("--data"), QStringLiteral("/nowhere")};
        QTest::newRow("for a server elsewhere")
            << QStringList{QStringLiteral("--connect"), QStringLiteral("http://127.0.0.1:9/data/out/a")};
    }
    void aStartSaysSoInOneLineAndNamesTheServer()
    {
        QFETCH(QStringList, arguments);
        const Ran ran = run(arguments);
        QVERIFY(!ran.crashed);
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.err,
                 QByteArray("iotman-desktop: there is no display; iotman-server serve offers the same data API without one\n"));
    }

    void variablesThatAreEmptyAreNoDisplay()
    {
        const Ran ran = run({}, {{QStringLiteral("DISPLAY"), {}}, {QStringLiteral("WAYLAND_DISPLAY"), {}}});
        QVERIFY(!ran.crashed);
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.err.count('\n'), 1);
    }

    void helpAndVersionNeedNone_data()
    {
        QTest::addColumn<QString>("argument");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("help") << QStringLiteral("--help") << QByteArray("iotman-desktop");
        QTest::newRow("version") << QStringLiteral("--version") << QByteArray("iotman-desktop ");
    }
    void helpAndVersionNeedNone()
    {
        QFETCH(QString, argument);
        QFETCH(QByteArray, begins);
        const Ran ran = run({argument});
        QVERIFY(!ran.crashed);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.err, QByteArray());
        QVERIFY2(ran.out.contains(begins), ran.out.constData());
    }

    void wrongUsageIsToldBeforeTheDisplayIsMissed()
    {
        const Ran ran = run({QStringLiteral("--what")});
        QVERIFY(!ran.crashed);
        QCOMPARE(ran.code, 2);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY2(ran.err.contains("--what"), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestWithoutDisplay)
#include "tst_withoutdisplay.moc"
