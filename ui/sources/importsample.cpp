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
    sample.bytes.resize(files::sampleSize + files::largestObject);
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

FileLook lookAt(std::string_view bytes, files::Sample extent, const files::Choices& choices)
{
    FileLook look{files::detect(bytes, extent, choices), {}};
    look.preview = files::preview(bytes, extent, look.detected.options);
    return look;
}

} // namespace

/// At so much as a look needs; at all of it where that ends within the first row.
FileLook lookAt(const FileSample& sample, const files::Choices& choices)
{
    const std::string_view head = std::string_view(sample.bytes).substr(0, files::sampleSize);
    if (head.size() < sample.bytes.size()) {
        FileLook look = lookAt(head, files::Sample::Start, choices);
        if (!look.preview.rows.empty())
            return look;
    }
    return lookAt(sample.bytes, sample.extent, choices);
}

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
