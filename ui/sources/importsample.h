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

/// How a file is to be read, and its first rows. Where there is none, the first is longer than a row may be, or the file has
/// none.
struct FileLook {
    files::Detected detected;
    files::Preview preview;
};

FileLook lookAt(const FileSample& sample, const files::Choices& choices);

/// Reads so much of the start of `path` that the longest row is in it; `reply` runs on the calling thread, never after `context`
/// is gone. Errors: as files::FileSource::open.
void readSample(const QString& path, QObject* context, std::function<void(Expected<FileSample>)> reply);

} // namespace iotman::ui
