// iotman-server's verbs as a script uses them: on a folder that nobody holds, and on one that a running server holds.
#pragma once

#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtemporarydir.h>

#include <memory>

namespace iotman::test {

struct Ran {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

/// One run of iotman-server, to its end. `environment`: NAME=VALUE, beside the test's own.
Ran run(const QStringList& arguments, const QByteArray& input = {}, const QStringList& environment = {});

/// A workspace file with one source, one output that passes everything on, and one open endpoint.
inline constexpr const char* plainFile = "{\n"
                                         "  \"iotman\": 1,\n"
                                         "  \"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.t\"}],\n"
                                         "  \"outputs\": [{\"name\": \"all\", \"sources\": [\"room\"], \"rule\": \"$\"}],\n"
                                         "  \"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]\n"
                                         "}\n";

/// A data folder, and the server that holds it, if one does.
class Folder {
public:
    explicit Folder(bool held);

    QString path() const { return dir_.filePath(QStringLiteral("data")); }
    /// A file beside it; gives its path.
    QString write(const QString& name, const QByteArray& content) const;
    Ran run(const QStringList& arguments, const QByteArray& input = {}, const QStringList& environment = {}) const;
    Ran apply(const QByteArray& file, const QStringList& options = {}) const;
    /// The demo's data, which its file source names by a path relative to the workspace file.
    void putDemoData() const;
    QByteArray exported() const { return run({QStringLiteral("export")}).out; }

    bool isHeld() const { return server_ != nullptr; }
    ServerProcess& server() { return *server_; }
    /// The items of an endpoint, newest first, whoever holds the folder.
    QJsonArray items(const QByteArray& endpoint);

private:
    QTemporaryDir dir_;
    std::unique_ptr<ServerProcess> server_;
};

/// The rows of a test: a free folder, and a held one (column `held`).
void addFreeAndHeld();

} // namespace iotman::test
