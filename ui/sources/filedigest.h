// What tells two files apart: the digest of all that is in one.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <atomic>
#include <memory>

namespace iotman::ui {

/// Reads one file at a time, on a thread of its own: a long one takes its time, the window does not. GUI thread.
class FileDigest : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~FileDigest() override;

    /// Leaves what it reads now, and begins with `path`.
    void read(const QString& path);
    void stop();

Q_SIGNALS:
    /// SHA-256 of the whole file, base64url. A file that cannot be read to its end has none.
    void done(const QByteArray& digest);

private:
    std::shared_ptr<std::atomic_bool> unwanted_; ///< of the reading under way
};

} // namespace iotman::ui
