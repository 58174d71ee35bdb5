// Texts that a dialog saves as a file.
#pragma once

#include <QByteArray>
#include <QString>

namespace iotman::ui {

/// Writes all of `bytes` to `path` or leaves what was there. Empty when it was done, else a sentence that says why not.
QString saveAtomically(const QString& path, const QByteArray& bytes);

} // namespace iotman::ui
