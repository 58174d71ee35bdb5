// The start of a file, read aside: a drive may take its time, the window does not.
#pragma once

#include "core/import/preview.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>

namespace iotman::ui {

struct FileSample {
    std::string bytes;
    files::Sample extent = files::Sample::Start;
    std::int64_t size = 0; ///< of the whole file
};

/// Reads the first `files::sampleSize` bytes of `path`; `reply` runs on the calling thread, never after `context` is gone.
/// Errors: as files::FileSource::open.
void readSample(const QString& path, QObject* context, std::function<void(Expected<FileSample>)> reply);

} // namespace iotman::ui
