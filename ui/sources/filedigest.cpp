#include "ui/sources/filedigest.h"

#include "core/import/bytesource.h"

#include <QAbstractEventDispatcher>
#include <QCryptographicHash>
#include <QPointer>
#include <QThread>
#include <QThreadPool>

#include <vector>

namespace iotman::ui {

namespace {

constexpr std::size_t readAtOnce = 256 * 1024;

/// Empty where the file cannot be read to its end, or nobody wants it any more.
QByteArray digestOf(const std::string& path, const std::atomic_bool& unwanted)
{
    Expected<files::FileSource> file = files::FileSource::open(path);
    if (!file)
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<char> buffer(readAtOnce);
    while (!unwanted) {
        const Expected<std::size_t> got = file->read(buffer);
        if (!got)
            return {};
        if (*got == 0)
            return hash.result().toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        hash.addData(QByteArrayView(buffer.data(), static_cast<qsizetype>(*got)));
    }
    return {};
}

} // namespace

FileDigest::~FileDigest()
{
    stop();
}

void FileDigest::stop()
{
    if (unwanted_)
        *unwanted_ = true;
}

void FileDigest::read(const QString& path)
{
    stop();
    unwanted_ = std::make_shared<std::atomic_bool>(false);
    const QPointer<FileDigest> self(this);
    QThreadPool::globalInstance()->start(
        [self, home = QThread::currentThread(), path = path.toStdString(), unwanted = unwanted_] {
            QMetaObject::invokeMethod(
                QAbstractEventDispatcher::instance(home),
                [self, unwanted, digest = digestOf(path, *unwanted)] {
                    if (self && !*unwanted && !digest.isEmpty())
                        Q_EMIT self->done(digest);
                },
                Qt::QueuedConnection);
        });
}

} // namespace iotman::ui
