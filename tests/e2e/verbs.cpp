#include "tests/e2e/verbs.h"

#include "tests/e2e/rawhttp.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtTest/QtTest>

namespace iotman::test {

Ran run(const QStringList& arguments, const QByteArray& input, const QStringList& environment)
{
    constexpr int longest = 60'000; // ms; the machine may be busy
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const QString& one : environment)
        variables.insert(one.section(u'=', 0, 0), one.section(u'=', 1));
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(IOTMAN_SERVER), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(longest))
        return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

Folder::Folder(bool held)
{
    if (!held)
        return;
    server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), path()});
    QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
}

QString Folder::write(const QString& name, const QByteArray& content) const
{
    QFile file(dir_.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a test's file");
    return file.fileName();
}

Ran Folder::run(const QStringList& arguments, const QByteArray& input, const QStringList& environment) const
{
    return test::run(arguments + QStringList{QStringLiteral("--data"), path()}, input, environment);
}

Ran Folder::apply(const QByteArray& file, const QStringList& options) const
{
    return run(QStringList{QStringLiteral("apply"), write(QStringLiteral("workspace.json"), file)} + options);
}

void Folder::putDemoData() const
{
    QVERIFY(QFile::copy(QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/weather-two-cities.csv"),
                        dir_.filePath(QStringLiteral("weather-two-cities.csv"))));
}

QJsonArray Folder::items(const QByteArray& endpoint)
{
    std::unique_ptr<ServerProcess> own;
    if (!server_) {
        own = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), path()});
        if (!own->waitUntilReady())
            return {};
    }
    const int port = server_ ? server_->port() : own->port();
    const QJsonObject page = QJsonDocument::fromJson(request(port, "GET", "/data/out/" + endpoint).body).object();
    if (own && !own->terminate())
        return {};
    return page.value(u"data").toArray();
}

void addFreeAndHeld()
{
    QTest::addColumn<bool>("held");
    QTest::newRow("a folder that nobody holds") << false;
    QTest::newRow("a folder that a server holds") << true;
}

} // namespace iotman::test
