#include "tests/e2e/serverprocess.h"

#include <QtCore/qdebug.h>
#include <QtCore/qurl.h>

#include <csignal>

namespace iotman::test {

namespace {
constexpr int longest = 30'000; // ms; the machine may be busy
}

ServerProcess::ServerProcess(const QStringList& arguments, const QProcessEnvironment& variables)
{
    process_.setProcessEnvironment(variables);
    QStringList all{QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")};
    process_.start(QStringLiteral(IOTMAN_SERVER), all + arguments);
}

ServerProcess::~ServerProcess()
{
    if (process_.state() != QProcess::NotRunning)
        kill();
}

bool ServerProcess::waitUntilReady(int addresses)
{
    while (ready_ < addresses) {
        while (process_.canReadLine()) {
            const QByteArray line = process_.readLine().trimmed();
            lines_.append(line);
            if (line.startsWith("admin "))
                adminKey_ = line.split(' ').value(2);
            if (line.startsWith("ready ") && ready_++ == 0)
                port_ = QUrl(QString::fromUtf8(line.mid(6))).port();
        }
        if (ready_ < addresses && !process_.waitForReadyRead(longest))
            return false;
    }
    return true;
}

void ServerProcess::kill()
{
    process_.kill();
    process_.waitForFinished(longest);
}

bool ServerProcess::terminate()
{
    process_.terminate();
    return endsWell();
}

bool ServerProcess::hangUp()
{
    ::kill(static_cast<pid_t>(process_.processId()), SIGHUP);
    return endsWell();
}

bool ServerProcess::endsWell()
{
    if (!waitForEnd())
        return false;
    if (process_.exitStatus() == QProcess::NormalExit && process_.exitCode() == 0)
        return true;
    qWarning().noquote() << "the server ended with" << process_.exitCode() << errors();
    return false;
}

bool ServerProcess::waitForEnd() { return process_.state() == QProcess::NotRunning || process_.waitForFinished(longest); }

int runServer(const QStringList& arguments, QByteArray& output, const QProcessEnvironment& variables)
{
    QProcess process;
    process.setProcessEnvironment(variables);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(IOTMAN_SERVER), arguments);
    if (!process.waitForFinished(longest))
        return -1;
    output = process.readAll();
    return process.exitCode();
}

QByteArray runOn(const QString& folder, const QStringList& arguments, int& code)
{
    QByteArray output;
    code = runServer(arguments + QStringList{QStringLiteral("--data"), folder}, output);
    return output;
}

} // namespace iotman::test
