// A chart drawn by the program without a display, as a script asks for it.
#include "tests/e2e/serverprocess.h"

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtGui/qimage.h>
#include <QtTest/QtTest>

using namespace iotman::test;

namespace {

constexpr int longest = 90'000; // ms; the machine may be busy

const QString layouts = QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/layouts/");
const QStringList year2014{QStringLiteral("--from"), QStringLiteral("1388534400"), QStringLiteral("--to"),
                           QStringLiteral("2015-01-01T00:00:00Z")};

struct Ran {
    int code = -1;
    QByteArray out, err;
};

/// One run of iotman-desktop in a home of its own, without a display.
Ran run(const QString& home, const QStringList& arguments)
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_CONFIG_HOME", "XDG_DATA_HOME"})
        variables.remove(QLatin1String(name));
    variables.insert(QStringLiteral("HOME"), home);
    variables.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(IOTMAN_DESKTOP), arguments);
    if (!process.waitForFinished(longest))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// Pixels of about this colour in the rows [top, bottom).
int pixelsOf(const QImage& image, QRgb color, int top, int bottom)
{
    int found = 0;
    for (int y = top; y < bottom; ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QRgb pixel = image.pixel(x, y);
            const int distance = std::abs(qRed(pixel) - qRed(color)) + std::abs(qGreen(pixel) - qGreen(color)) +
                                 std::abs(qBlue(pixel) - qBlue(color));
            found += distance < 24 ? 1 : 0;
        }
    return found;
}

constexpr QRgb background = 0xffffffff, first = 0xff046dd4, second = 0xff286250, fourth = 0xffd72673;

} // namespace

class TestChartPicture : public QObject {
    Q_OBJECT

    QTemporaryDir home_;

    QString file(const QString& name) const { return home_.filePath(name); }
    QStringList chart(const QString& layout, const QString& picture) const
    {
        return {QStringLiteral("--data"),  file(QStringLiteral("data")),
                QStringLiteral("--chart"), layout,
                QStringLiteral("--png"),   file(picture)};
    }

private Q_SLOTS:
    void aNewFolderStartsWithTheDemoAndItsChartIsDrawn()
    {
        const Ran ran = run(home_.path(), chart(layouts + QStringLiteral("seattle.json"), QStringLiteral("demo")) + year2014);
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.code, 0);
        const QImage picture(file(QStringLiteral("demo")), "PNG"); // whatever the file is called
        QCOMPARE(picture.width(), 1600);
        QVERIFY(picture.height() > 800);
        const int half = picture.height() / 2;
        // Highest, mean and lowest temperature above, rain below, each in its colour, on white.
        QVERIFY(pixelsOf(picture, first, 0, half) > 2000);
        QVERIFY(pixelsOf(picture, second, 0, half) > 2000);
        QVERIFY(pixelsOf(picture, fourth, half, picture.height()) > 1000);
        QVERIFY(pixelsOf(picture, fourth, 0, half) < 20);
        QVERIFY(pixelsOf(picture, background, 0, half) > picture.width() * half / 2);
    }

    void theSameQuestionHasTheSamePicture()
    {
        for (const char* name : {"one.png", "two.png"})
            QCOMPARE(run(home_.path(), chart(layouts + QStringLiteral("seattle.json"), QLatin1String(name)) + year2014).code, 0);
        QCOMPARE(QImage(file(QStringLiteral("one.png"))), QImage(file(QStringLiteral("two.png"))));
    }

    void aStretchWithoutDataIsEmpty()
    {
        const Ran ran = run(home_.path(), chart(layouts + QStringLiteral("seattle.json"), QStringLiteral("empty.png")) +
                                              QStringList{QStringLiteral("--from"), QStringLiteral("-1000000"),
                                                          QStringLiteral("--to"), QStringLiteral("-0.5")});
        QCOMPARE(ran.code, 0);
        const QImage picture(file(QStringLiteral("empty.png")));
        QVERIFY(pixelsOf(picture, first, 100, picture.height() / 2 - 20) == 0);
    }

    void aFolderThatAServerHoldsIsReadThroughIt()
    {
        ServerProcess server({QStringLiteral("--data"), file(QStringLiteral("data"))});
        QVERIFY(server.waitUntilReady());
        const Ran held =
            run(home_.path(), chart(layouts + QStringLiteral("seattle.json"), QStringLiteral("held.png")) + year2014);
        QCOMPARE(held.err, QByteArray());
        QCOMPARE(held.code, 0);
        QCOMPARE(QImage(file(QStringLiteral("held.png"))), QImage(file(QStringLiteral("one.png"))));

        // What is public needs no sign-in there.
        QStringList elsewhere = chart(layouts + QStringLiteral("seattle.json"), QStringLiteral("public.png")) + year2014;
        elsewhere += {QStringLiteral("--connect"), QStringLiteral("http://127.0.0.1:%1").arg(server.port())};
        QCOMPARE(run(home_.path(), elsewhere).code, 0);
        QVERIFY(pixelsOf(QImage(file(QStringLiteral("public.png"))), first, 0, 400) > 2000);
    }

    void whatGoesWrongIsOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        const char* demo = IOTMAN_SOURCE_DIR "/resources/demo/layouts/seattle.json";
        const auto row = [](const char* name, std::initializer_list<const char*> words, int code, const char* says) {
            QStringList arguments;
            for (const char* word : words)
                arguments.append(QString::fromUtf8(word));
            QTest::newRow(name) << arguments << code << QByteArray(says);
        };
        row("a chart without a file for it", {"--chart", demo}, 2, "--chart needs --png FILE");
        row("a file without a chart", {"--png", "a.png"}, 2, "--from, --to and --png need --chart LAYOUT");
        row("times without a chart", {"--from", "1", "--to", "2"}, 2, "--from, --to and --png need --chart LAYOUT");
        row("one time of two", {"--chart", demo, "--png", "a.png", "--from", "1"}, 2, "--from and --to go together");
        row("times the wrong way round", {"--chart", demo, "--png", "a.png", "--from", "2", "--to", "2"}, 2,
            "--to must be later than --from");
        row("a time in milliseconds", {"--chart", demo, "--png", "a.png", "--from", "1700000000000", "--to", "2"}, 2,
            "--from 1700000000000: 1700000000000 looks like milliseconds; times are Unix seconds: 1700000000");
        row("a word that is no time", {"--chart", demo, "--png", "a.png", "--from", "yesterday", "--to", "2"}, 2,
            "--from yesterday: expected Unix seconds or a time with its zone, 2024-01-31T10:00:00Z");
        row("a time without its zone", {"--chart", demo, "--png", "a.png", "--from", "1", "--to", "2024-01-31T10:00:00"}, 2,
            "--to 2024-01-31T10:00:00: expected Unix seconds or a time with its zone, 2024-01-31T10:00:00Z");
        row("a picture of the window as well", {"--chart", demo, "--png", "a.png", "--screenshot", "b.png"}, 2,
            "--chart and --screenshot do not go together");
        row("an option without its value", {"--chart"}, 2, "--chart needs a value");
        row("a layout that is not there", {"--chart", "/nowhere.json", "--png", "a.png"}, 1,
            "/nowhere.json: No such file or directory");
        row("a file that is no layout", {"--chart", IOTMAN_SOURCE_DIR "/resources/demo/workspace.json", "--png", "a.png"}, 1,
            "This is no layout of a chart: the member “iotman_chart” is not there.");
        row("a folder that cannot be written", {"--chart", demo, "--png", "/nowhere/a.png"}, 1,
            "/nowhere/a.png cannot be written: No such file or directory");
        row("an endpoint that is not there", {"--chart", "strange.json", "--png", "a.png"}, 1,
            "The endpoint nothing-here cannot be read");
        row("a layout without a line", {"--chart", "empty.json", "--png", "a.png"}, 1, "This layout draws nothing.");
        row("a server that is not there", {"--chart", demo, "--png", "a.png", "--connect", "not a url"}, 2, "--connect");
    }
    void whatGoesWrongIsOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const std::pair<const char*, const char*> written[] = {
            {"strange.json", "{\"iotman_chart\":1,\"panes\":[{\"lines\":[{\"endpoint\":\"nothing-here\",\"field\":\"a\"}]}]}"},
            {"empty.json", "{\"iotman_chart\":1,\"panes\":[]}"}};
        for (const auto& [name, text] : written) {
            QFile layout(file(QLatin1String(name)));
            QVERIFY(layout.open(QIODevice::WriteOnly));
            layout.write(text);
            arguments.replaceInStrings(QRegularExpression(QStringLiteral("^%1$").arg(QLatin1String(name))), layout.fileName());
        }
        const Ran ran = run(home_.path(), QStringList{QStringLiteral("--data"), file(QStringLiteral("data"))} + arguments);
        QCOMPARE(ran.code, code);
        QVERIFY2(ran.err.startsWith("iotman-desktop: ") && ran.err.count('\n') == 1, ran.err);
        QVERIFY2(ran.err.contains(says), ran.err);
    }
};

QTEST_GUILESS_MAIN(TestChartPicture)
#include "tst_e2e_chart.moc"
