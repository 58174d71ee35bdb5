#include "ui/pages/corsentries.h"

#include "core/client/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

namespace {

struct CorsWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Cors)
};

bool separates(QChar c)
{
    return c == u',' || c.isSpace();
}

std::vector<CorsEntry> split(const QString& text)
{
    std::vector<CorsEntry> entries;
    const int size = static_cast<int>(text.size());
    for (int at = 0; at < size;) {
        if (separates(text[at])) {
            ++at;
            continue;
        }
        const int start = at;
        while (at < size && !separates(text[at]))
            ++at;
        CorsEntry entry;
        entry.typed = text.mid(start, at - start);
        entry.start = start;
        entry.length = at - start;
        entries.push_back(std::move(entry));
    }
    return entries;
}

/// Upper case at the start and a full stop at the end: core/model's errors begin with the entry or in lower case.
QString sentence(const QString& text)
{
    if (text.isEmpty())
        return text;
    return text.front().toUpper() + text.mid(1) + (text.endsWith(u'.') ? QString() : QStringLiteral("."));
}

QString repairText(const CorsEntry& entry, const CorsOrigin& origin)
{
    QStringList parts;
    if (entry.typed != entry.stored)
        parts << CorsWords::tr("“%1” becomes “%2”.").arg(entry.typed, entry.stored);
    const QString readable = toQt(origin.readable());
    if (readable != entry.stored)
        parts << CorsWords::tr("Reads %1.").arg(readable);
    return parts.join(u' ');
}

void judge(CorsEntry& entry, const CorsOrigins& saved, std::vector<std::string>& seen)
{
    if (entry.typed == u'*') {
        entry.stored = entry.typed;
        entry.state = EntryState::Any;
        entry.what = saved.any ? CorsWords::tr("Saved. Every origin may read.")
                               : CorsWords::tr("New. Stands alone: saving keeps only this entry.");
        return;
    }
    const Expected<CorsOrigin> origin = CorsOrigin::parse(fromQt(entry.typed));
    if (!origin) {
        entry.state = EntryState::Refused;
        entry.what = sentence(toQt(origin.error().detail));
        return;
    }
    entry.stored = toQt(origin->text());
    const QString repair = repairText(entry, *origin);
    const auto with = [&](const QString& first) { return repair.isEmpty() ? first : QString(first + u' ' + repair); };
    if (std::find(seen.begin(), seen.end(), origin->text()) != seen.end()) {
        entry.state = EntryState::Repeated;
        entry.what = with(CorsWords::tr("Stands in the list already; stored once."));
        return;
    }
    seen.push_back(origin->text());
    const bool known = std::find(saved.list.begin(), saved.list.end(), *origin) != saved.list.end();
    entry.state = known ? EntryState::Saved : EntryState::New;
    entry.what = with(known ? CorsWords::tr("Saved.") : CorsWords::tr("New."));
}

/// Where `*` is among the entries, the others are not stored.
void overrule(std::vector<CorsEntry>& entries)
{
    for (CorsEntry& entry : entries) {
        if (entry.state == EntryState::Any || entry.state == EntryState::Refused)
            continue;
        entry.state = EntryState::Overruled;
        entry.stored.clear();
        entry.what = CorsWords::tr("Not kept: * stands alone and allows it too.");
    }
}

int missing(const std::vector<std::string>& from, const std::vector<std::string>& in)
{
    return static_cast<int>(std::count_if(
        from.begin(), from.end(), [&](const std::string& text) { return std::find(in.begin(), in.end(), text) == in.end(); }));
}

} // namespace

CorsCheck checkCors(const QString& text, const CorsOrigins& saved)
{
    CorsCheck check;
    check.entries = split(text);
    std::vector<std::string> seen;
    for (CorsEntry& entry : check.entries) {
        judge(entry, saved, seen);
        check.any = check.any || entry.state == EntryState::Any;
        check.refused += entry.state == EntryState::Refused;
    }
    if (check.any)
        overrule(check.entries);
    check.toStore = check.any ? std::vector<std::string>{"*"} : seen;
    const std::vector<std::string> before = saved.texts();
    check.added = missing(check.toStore, before);
    check.removed = missing(before, check.toStore);
    check.changed = check.toStore != before || check.refused > 0;
    return check;
}

QString CorsCheck::summary() const
{
    if (!changed)
        return {};
    QStringList parts;
    const QLocale locale;
    if (added > 0)
        parts << CorsWords::tr("%1 added").arg(locale.toString(added));
    if (removed > 0)
        parts << CorsWords::tr("%1 removed").arg(locale.toString(removed));
    if (parts.isEmpty())
        return refused > 0 ? QString() : CorsWords::tr("Unsaved: another order.");
    return CorsWords::tr("Unsaved: %1.").arg(parts.join(CorsWords::tr(", ", "between changes")));
}

QString corsText(const CorsOrigins& saved)
{
    QStringList lines;
    for (const std::string& origin : saved.texts())
        lines << toQt(origin);
    return lines.join(u'\n');
}

} // namespace iotman::ui
