#include "ui/pages/tryittexts.h"

#include "core/client/text.h"

#include <QCoreApplication>

namespace iotman::ui {

using client::toQt;

namespace {

struct TryItWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::TryIt)
};

QString countText(std::size_t count, std::size_t before)
{
    const QLocale locale;
    const auto number = [&](std::size_t value) { return locale.toString(static_cast<qulonglong>(value)); };
    if (count == 0)
        return before == 0 ? TryItWords::tr("No item in this range") : TryItWords::tr("No further item");
    if (before > 0)
        return TryItWords::tr("Items %1 to %2").arg(number(before + 1), number(before + count));
    return count == 1 ? TryItWords::tr("1 item") : TryItWords::tr("%Ln items", nullptr, static_cast<int>(count));
}

} // namespace

QString pageText(const client::Page& page, std::size_t before)
{
    const QString count = countText(page.items.size(), before);
    if (page.next)
        return TryItWords::tr("%1, more follow").arg(count);
    if (page.items.empty())
        return count;
    return before == 0 ? TryItWords::tr("%1, all there are").arg(count) : TryItWords::tr("%1, the last").arg(count);
}

QString statusText(const client::HttpAnswer& answer)
{
    return QString(QString::number(answer.status) + u' ' + QString::fromLatin1(answer.reason)).trimmed();
}

QString answerText(const client::HttpAnswer& answer, const QLocale& locale)
{
    QStringList parts = {elapsedWord(answer.elapsed, locale), sizeWord(answer.body.size(), locale)};
    const QByteArray type = answer.header("Content-Type");
    if (!type.isEmpty())
        parts << QString::fromLatin1(type);
    return parts.join(QStringLiteral(" \u00b7 "));
}

QString rangeText(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to)
{
    const QString first = from ? toQt(from->seconds()) : TryItWords::tr("oldest");
    const QString last = to ? toQt(to->seconds()) : TryItWords::tr("newest");
    return first + QStringLiteral(" \u2026 ") + last;
}

QString rangeError(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to)
{
    return from && to && *from > *to ? TryItWords::tr("“From” lies after “To”: no item can be in between.") : QString();
}

} // namespace iotman::ui
