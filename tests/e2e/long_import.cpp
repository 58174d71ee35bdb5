// A large file through the import dialog: how fast, with how much memory, and whether the window answers meanwhile.
// MEGABYTES: how large (1000).
#include "core/model/clock.h"
#include "tests/e2e/serverprocess.h"
#include "ui/pages/session.h"
#include "ui/sources/importdialog.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>
#include <QTimer>

#include <cstdio>

using namespace iotman;
using namespace iotman::ui;

namespace {

constexpr int patience = 30'000;      ///< ms
constexpr qint64 longestTurn = 100;   ///< ms
constexpr double mostMegabytes = 200; ///< of memory that is no file's

QString write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
    return path;
}

/// A row each 10 ms from 50 devices; the number of rows.
int writeReadings(const QString& path, qint64 bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write("time,device,temperature,humidity,n\n") < 0)
        qFatal("cannot write %s", qPrintable(path));
    int rows = 0;
    QByteArray text;
    for (qint64 written = 0; written < bytes; written += text.size()) {
        text.clear();
        for (int i = 0; i < 10'000; ++i, ++rows)
            text += QByteArray::number(1'600'000'000 + rows / 100.0, 'f', 2) + ",th-" + QByteArray::number(rows % 50) + ',' +
                    QByteArray::number(20 + rows % 70 / 10.0, 'f', 1) + ',' + QByteArray::number(40 + rows % 300 / 10.0, 'f', 1) +
                    ',' + QByteArray::number(rows) + '\n';
        if (file.write(text) != text.size())
            qFatal("the disk is full");
    }
    return rows;
}

double anonymousMegabytes()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray status = file.readAll();
    const QByteArray line = status.mid(status.indexOf("RssAnon:")).split('\n').first();
    return line.simplified().split(' ').value(1).toDouble() / 1024;
}

std::unique_ptr<Session> signedIn(const test::ServerProcess& server, const Clock& clock, Random& random)
{
    ConnectionInfo connection;
    connection.name = QStringLiteral("test");
    connection.url = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.port()));
    connection.email = QStringLiteral("admin@localhost");
    QFile key(QString::fromUtf8(server.adminKey().mid(QByteArrayLiteral("file:").size())));
    if (!key.open(QIODevice::ReadOnly))
        qFatal("there is no admin key");
    connection.key = client::Secret(key.readAll().trimmed().toStdString());
    connection.kind = ConnectionKind::Server;
    auto session = std::make_unique<Session>(connection, clock, random);
    session->start();
    if (!QTest::qWaitFor([&] { return session->isLoaded(); }, patience))
        qFatal("the server could not be reached");
    return session;
}

/// Watches this thread's event loop and memory.
class Watch {
public:
    Watch()
    {
        beat_.setTimerType(Qt::PreciseTimer);
        beat_.callOnTimeout([this] { longest = std::max(longest, turn_.restart()); });
        looking_.callOnTimeout([this] { megabytes = std::max(megabytes, anonymousMegabytes()); });
    }
    void start()
    {
        turn_.start();
        beat_.start(1);
        looking_.start(200);
    }
    qint64 longest = 0;
    double megabytes = 0;

private:
    QTimer beat_, looking_;
    QElapsedTimer turn_;
};

int run()
{
    const int wanted = qEnvironmentVariableIsSet("MEGABYTES") ? qEnvironmentVariableIntValue("MEGABYTES") : 1000;
    const QTemporaryDir folder(QStringLiteral("/var/tmp/long-import-XXXXXX"));
    const QString path = folder.filePath(QStringLiteral("readings.csv"));
    const int rows = writeReadings(path, qint64(wanted) * 1'000'000);
    const QString workspace = write(folder.filePath(QStringLiteral("workspace.json")),
                                    "{\"iotman\": 1, \"sources\": [{\"name\": \"file\", \"kind\": \"http\"}], \"outputs\": "
                                    "[{\"name\": \"file\", \"sources\": [\"file\"], \"rule\": \"$\"}]}");
    test::ServerProcess server(
        {QStringLiteral("--data"), folder.filePath(QStringLiteral("data")), QStringLiteral("--workspace"), workspace});
    if (!server.waitUntilReady())
        qFatal("%s", server.errors().constData());
    const SystemClock clock;
    SystemRandom random;
    const std::unique_ptr<Session> session = signedIn(server, clock, random);

    SourceView source;
    source.source.name = SourceName{"file"};
    source.source.kind = SourceKind::Http;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    ImportDialog dialog(*session, {source}, settings, QTimeZone::utc());
    dialog.show();
    Watch watch;
    watch.start();
    bool isPreviewed = false, hasEnded = false;
    QObject::connect(&dialog, &ImportDialog::previewed, [&] { isPreviewed = true; });
    QObject::connect(&dialog, &ImportDialog::ended, [&] { hasEnded = true; });
    QElapsedTimer took;
    took.start();
    dialog.setFile(path);
    if (!QTest::qWaitFor([&] { return isPreviewed; }, patience))
        qFatal("no preview came");
    std::printf("preview after %lld ms\n", static_cast<long long>(took.restart()));
    if (!dialog.importButton()->isEnabled())
        qFatal("%s", qPrintable(dialog.importButton()->toolTip()));
    dialog.importButton()->click();
    while (!hasEnded)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    const double seconds = static_cast<double>(took.elapsed()) / 1000;
    std::printf("%d rows in %.1f s, %.0f rows/s; %.0f MB of memory at most, longest turn %lld ms\n%s\n", rows, seconds,
                rows / seconds, watch.megabytes, static_cast<long long>(watch.longest), qPrintable(dialog.summaryText()));
    const bool isAll = dialog.summaryText().contains(QLocale().toString(rows));
    const bool isWell = isAll && watch.megabytes < mostMegabytes && watch.longest <= longestTurn;
    std::printf("%s\n", isWell ? "ok" : "FAILED");
    return isWell ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
{
    const QApplication application(argc, argv);
    return run();
}
