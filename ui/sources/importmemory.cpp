#include "ui/sources/importmemory.h"

#include "core/client/text.h"

#include <QSettings>
#include <QStringList>

namespace iotman::ui {

namespace {

const QString importedKey = QStringLiteral("import/imported");

} // namespace

ImportMemory::ImportMemory(QSettings& settings, QString workspace)
    : settings_(settings)
    , workspace_(std::move(workspace))
{
}

/// How each line begins that tells of it; the time follows.
QString ImportMemory::place(const QByteArray& digest, const SourceName& source) const
{
    return QString::fromLatin1(digest) + u' ' + workspace_ + u' ' + client::toQt(source.text) + u' ';
}

void ImportMemory::remember(const QByteArray& digest, const SourceName& source, Timestamp at)
{
    const QString begin = place(digest, source);
    QStringList lines = settings_.value(importedKey).toStringList();
    lines.removeIf([&](const QString& line) { return line.startsWith(begin); });
    lines.prepend(begin + client::toQt(at.seconds()));
    settings_.setValue(importedKey, QStringList(lines.mid(0, mostRemembered)));
}

std::optional<Timestamp> ImportMemory::lastImport(const QByteArray& digest, const SourceName& source) const
{
    const QString begin = place(digest, source);
    for (const QString& line : settings_.value(importedKey).toStringList()) {
        if (!line.startsWith(begin))
            continue;
        const auto at = Timestamp::parseSeconds(client::fromQt(line.mid(begin.size())), {});
        return at ? std::optional(*at) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace iotman::ui
