#include "ui/workspace/contractrows.h"

#include "core/client/text.h"
#include "ui/workspace/contractwords.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

struct FindingWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Findings)
};

Cell verdictCell(lab::Verdict verdict)
{
    Cell cell;
    switch (verdict) {
    case lab::Verdict::Equal:
        cell.text = FindingWords::tr("Equal");
        cell.badge = BadgeKind::Success;
        break;
    case lab::Verdict::Different:
        cell.text = FindingWords::tr("Different");
        cell.badge = BadgeKind::Danger;
        break;
    case lab::Verdict::Unknown:
        cell.text = FindingWords::tr("Unknown");
        cell.badge = BadgeKind::Info;
        break;
    }
    return cell;
}

/// What a side said is spelled as the contract spells it; only why it could not be told is a sentence.
QString saidText(const lab::Testimony& testimony)
{
    return testimony.said ? toQt(testimony.text()) : labText(testimony.text());
}

std::vector<TextRange> wordsOf(const QString& text)
{
    std::vector<TextRange> words;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at].isSpace())
            continue;
        const qsizetype start = at;
        while (at < text.size() && !text[at].isSpace())
            ++at;
        words.push_back({start, at - start});
    }
    return words;
}

} // namespace

std::vector<ColumnSpec> findingColumns()
{
    return {{FindingWords::tr("Verdict"), CellKind::Text, 110},
            {FindingWords::tr("Question"), CellKind::Text, 280},
            {FindingWords::tr("There"), CellKind::Text, 275},
            {FindingWords::tr("Here"), CellKind::Text, 240}};
}

std::vector<TableRow> findingRows(const std::vector<lab::Finding>& findings)
{
    std::vector<TableRow> rows;
    for (const lab::Finding& finding : findings) {
        const auto said = [](const lab::Testimony& testimony) {
            Cell cell{saidText(testimony)};
            cell.tone = testimony.said ? Tone::Normal : Tone::Dim;
            return cell;
        };
        const QString probe = toQt(finding.probe);
        rows.push_back(
            {probe, {verdictCell(finding.verdict()), {labText(finding.probe)}, said(finding.there), said(finding.here)}});
    }
    return rows;
}

QString findingsSummary(const std::vector<lab::Finding>& findings)
{
    const auto count = [&](lab::Verdict verdict) {
        return static_cast<int>(std::count_if(findings.begin(), findings.end(),
                                              [verdict](const lab::Finding& finding) { return finding.verdict() == verdict; }));
    };
    QStringList parts;
    if (const int equal = count(lab::Verdict::Equal))
        parts << FindingWords::tr("%Ln equal", nullptr, equal);
    if (const int different = count(lab::Verdict::Different))
        parts << FindingWords::tr("%Ln different", nullptr, different);
    if (const int unknown = count(lab::Verdict::Unknown))
        parts << FindingWords::tr("%Ln unknown", nullptr, unknown);
    return parts.join(QStringLiteral(", "));
}

QString testimonyText(const lab::Testimony& testimony)
{
    QString text = saidText(testimony);
    for (const lab::Exchange& exchange : testimony.exchanges)
        text += QStringLiteral("\n\n\u2192 ") + toQt(exchange.asked) + QStringLiteral("\n\n\u2190 ") + toQt(exchange.answered);
    return text;
}

/// By their longest common subsequence: the texts are short.
std::vector<TextRange> differingWords(const QString& text, const QString& other)
{
    const std::vector<TextRange> mine = wordsOf(text);
    const std::vector<TextRange> theirs = wordsOf(other);
    const auto same = [&](std::size_t a, std::size_t b) {
        return QStringView(text).mid(mine[a].start, mine[a].length) == QStringView(other).mid(theirs[b].start, theirs[b].length);
    };
    std::vector<std::vector<int>> longest(mine.size() + 1, std::vector<int>(theirs.size() + 1));
    for (std::size_t a = mine.size(); a-- > 0;) {
        for (std::size_t b = theirs.size(); b-- > 0;)
            longest[a][b] = same(a, b) ? longest[a + 1][b + 1] + 1 : std::max(longest[a + 1][b], longest[a][b + 1]);
    }
    std::vector<TextRange> marked;
    std::size_t b = 0;
    for (std::size_t a = 0; a < mine.size(); ++a) {
        while (b < theirs.size() && !same(a, b) && longest[a][b + 1] == longest[a][b])
            ++b;
        if (b < theirs.size() && same(a, b))
            ++b;
        else
            marked.push_back(mine[a]);
    }
    return marked;
}

} // namespace iotman::ui
