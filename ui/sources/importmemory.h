// What this computer has imported, and where.
#pragma once

#include "core/model/names.h"
#include "core/model/timestamp.h"

#include <QByteArray>
#include <QString>

#include <optional>

class QSettings;

namespace iotman::ui {

/// Digests of files with their source and time, in the settings; the last few hundred.
class ImportMemory {
public:
    static constexpr int mostRemembered = 500;

    /// `settings` must outlive it. `workspace`: the id of the one that is imported into.
    ImportMemory(QSettings& settings, QString workspace);

    /// `digest` as FileDigest tells it.
    void remember(const QByteArray& digest, const SourceName& source, Timestamp at);
    /// When this content was imported there last.
    std::optional<Timestamp> lastImport(const QByteArray& digest, const SourceName& source) const;

private:
    QString place(const QByteArray& digest, const SourceName& source) const;

    QSettings& settings_;
    QString workspace_;
};

} // namespace iotman::ui
