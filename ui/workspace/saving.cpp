#include "ui/workspace/saving.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace iotman::ui {

namespace {

struct SavingWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Saving)
};

} // namespace

QString saveAtomically(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return SavingWords::tr("%1: %2", "file, reason").arg(path, file.errorString());
    return {};
}

} // namespace iotman::ui
