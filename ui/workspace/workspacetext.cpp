#include "ui/workspace/workspacetext.h"

#include "core/client/text.h"
#include "ui/pages/words.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct WorkspaceTextWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::WorkspaceText)
};

} // namespace

Expected<WorkspaceText> readWorkspaceText(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Problem::Internal : Problem::NotFound,
                    fromQt(WorkspaceTextWords::tr("%1: %2", "file, reason").arg(path, file.errorString())));
    const QByteArray bytes = file.read(mostWorkspaceFileBytes + 1);
    if (bytes.size() > mostWorkspaceFileBytes)
        return fail(Problem::TooLarge, fromQt(WorkspaceTextWords::tr("%1 is larger than the %2 that a workspace file may have.")
                                                  .arg(path, sizeWord(mostWorkspaceFileBytes, QLocale()))));
    return WorkspaceText{QFileInfo(path).fileName(), bytes.toStdString()};
}

bool looksLikeWorkspaceFile(std::string_view text)
{
    static const QRegularExpression member(QStringLiteral("\"iotman\"\\s*:\\s*\\d"));
    const QString whole = toQt(text).trimmed();
    return whole.startsWith(u'{') && member.match(whole).hasMatch();
}

WorkspaceMistake mistakeOf(const WorkspaceText& file, const Error& error)
{
    // Whoever is refused for another reason finds nothing wrong in the file.
    if (error.kind != Problem::BadRequest && error.kind != Problem::Conflict)
        return {0, {}, errorText(error)};
    const int line = error.line > 0 ? error.line : jsonLine(file.text, error.pointer);
    const QString where = QStringLiteral("%1:%2:").arg(file.name).arg(line);
    return {line, where, toQt(fileError(fromQt(file.name), file.text, error)).mid(where.size()).trimmed()};
}

} // namespace iotman::ui
