#include "ui/sources/importsample.h"

#include "core/import/bytesource.h"
#include "core/import/limits.h"

#include <QAbstractEventDispatcher>
#include <QPointer>
#include <QThread>
#include <QThreadPool>

namespace iotman::ui {

namespace {

Expected<FileSample> sampleOf(const std::string& path)
{
    Expected<files::FileSource> file = files::FileSource::open(path);
    if (!file)
        return fail(file.error());
    FileSample sample;
    sample.size = file->size();
    sample.bytes.resize(files::sampleSize);
    std::size_t filled = 0;
    while (filled < sample.bytes.size()) {
        const Expected<std::size_t> got = file->read(std::span(sample.bytes).subspan(filled));
        if (!got)
            return fail(got.error());
        if (*got == 0)
            break;
        filled += *got;
    }
    sample.bytes.resize(filled);
    if (static_cast<std::int64_t>(filled) >= sample.size)
        sample.extent = files::Sample::Whole;
    return sample;
}

} // namespace

void readSample(const QString& path, QObject* context, std::function<void(Expected<FileSample>)> reply)
{
    const QPointer<QObject> wanted(context);
    QThreadPool::globalInstance()->start(
        [wanted, home = QThread::currentThread(), path = path.toStdString(), reply = std::move(reply)] {
            auto sample = std::make_shared<Expected<FileSample>>(sampleOf(path));
            QMetaObject::invokeMethod(
                QAbstractEventDispatcher::instance(home),
                [wanted, sample, reply] {
                    if (wanted)
                        reply(std::move(*sample));
                },
                Qt::QueuedConnection);
        });
}

} // namespace iotman::ui
