#include "ui/pages/outputtexts.h"

#include "core/client/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

struct OutputWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::OutputTexts)
};

Cell countCell(std::int64_t count, const ReadingContext& context, Tone tone = Tone::Normal)
{
    return {context.locale.toString(static_cast<qlonglong>(count)),
            static_cast<qlonglong>(count),
            QString::number(static_cast<qlonglong>(count)),
            {},
            count > 0 ? tone : Tone::Normal};
}

int clipped(std::int64_t count)
{
    return static_cast<int>(std::min<std::int64_t>(count, 1'000'000'000));
}

} // namespace

OutputFields fieldsOf(const Output& output)
{
    return {toQt(output.name.text), output.sources, toQt(output.filter), toQt(output.rule)};
}

QString nameFault(const QString& name, const std::vector<OutputView>& outputs, const std::optional<OutputId>& edited)
{
    const auto parsed = OutputName::parse(name.trimmed().toStdString(), "name");
    if (!parsed)
        return name.trimmed().isEmpty() ? OutputWords::tr("An output needs a name.") : errorText(parsed.error());
    for (const OutputView& other : outputs)
        if (other.output.name == *parsed && other.output.id != edited)
            return OutputWords::tr("There is an output of this name already.");
    return {};
}

OutputDraft draftOf(const OutputFields& fields, bool applyToStored)
{
    return {std::nullopt,
            OutputName{fields.name.trimmed().toStdString()},
            fields.sources,
            fields.filter.trimmed().toStdString(),
            fields.rule.toStdString(),
            applyToStored};
}

OutputPatch patchOf(const OutputFields& fields, const Output& stored, bool applyToStored)
{
    const OutputDraft draft = draftOf(fields, applyToStored);
    OutputPatch patch;
    patch.applyToStored =
        applyToStored && (draft.sources != stored.sources || draft.filter != stored.filter || draft.rule != stored.rule);
    if (draft.name != stored.name)
        patch.name = draft.name;
    if (draft.sources != stored.sources)
        patch.sources = draft.sources;
    if (draft.filter != stored.filter)
        patch.filter = draft.filter;
    if (draft.rule != stored.rule)
        patch.rule = draft.rule;
    return patch;
}

std::vector<ColumnSpec> outputColumns()
{
    return {{OutputWords::tr("Output"), CellKind::Text, 132},
            {OutputWords::tr("Items"), CellKind::Number, 74},
            {OutputWords::tr("Skipped"), CellKind::Number, 64},
            {OutputWords::tr("Failed"), CellKind::Number, 56}};
}

std::vector<TableRow> outputRows(const std::vector<OutputView>& outputs, const QStringList& edited, const ReadingContext& context)
{
    std::vector<TableRow> rows;
    for (const OutputView& view : outputs) {
        const QString id = toQt(view.output.id.text);
        const QString name = toQt(view.output.name.text);
        Cell nameCell{edited.contains(id) ? OutputWords::tr("%1 *", "an output with unsaved changes").arg(name) : name};
        nameCell.sort = name;
        nameCell.toolTip = toQt(view.output.rule);
        Cell failed = countCell(view.failed, context, Tone::Danger);
        if (view.lastError)
            failed.toolTip = toQt(view.lastError->detail);
        rows.push_back({id, {nameCell, countCell(view.items, context), countCell(view.skipped, context), failed}});
    }
    return rows;
}

QStringList servedAt(const OutputId& output, const std::vector<EndpointView>& endpoints)
{
    QStringList ids;
    for (const EndpointView& view : endpoints)
        if (view.endpoint.output == output)
            ids << toQt(view.endpoint.id.text);
    return ids;
}

QString servedText(const OutputId& output, const std::vector<EndpointView>& endpoints)
{
    const QStringList ids = servedAt(output, endpoints);
    if (ids.isEmpty())
        return {};
    return ids.size() == 1 ? OutputWords::tr("The endpoint %1 serves it.").arg(ids.front())
                           : OutputWords::tr("%Ln endpoints serve it: %1.", nullptr, static_cast<int>(ids.size()))
                                 .arg(ids.join(QStringLiteral(", ")));
}

DeleteQuestion outputQuestion(const std::vector<OutputView>& outputs, const std::vector<EndpointView>& endpoints,
                              Environment environment)
{
    const bool one = outputs.size() == 1;
    DeleteQuestion question;
    std::int64_t items = 0;
    for (const OutputView& view : outputs) {
        items += view.items;
        for (const QString& endpoint : servedAt(view.output.id, endpoints))
            question.users << OutputWords::tr("%1 (serves “%2”)", "an endpoint").arg(endpoint, toQt(view.output.name.text));
    }
    question.title = one ? OutputWords::tr("Delete “%1”?").arg(toQt(outputs.front().output.name.text))
                         : OutputWords::tr("Delete %Ln outputs?", nullptr, static_cast<int>(outputs.size()));
    question.impact = items == 0 ? OutputWords::tr("The datapoints stay.")
                                 : OutputWords::tr("%Ln items go. The datapoints stay, so the rule can make them again.", nullptr,
                                                   pluralCount(items));
    question.button = one ? OutputWords::tr("Delete output") : OutputWords::tr("Delete outputs");
    if (environment == Environment::Production)
        question.typedName = one ? toQt(outputs.front().output.name.text) : QString::number(outputs.size());
    return question;
}

QString outputCountsText(const OutputView& output, const ReadingContext& context)
{
    QStringList parts{OutputWords::tr("%Ln items", nullptr, clipped(output.items)),
                      OutputWords::tr("%Ln skipped", "datapoints that the filter left out", clipped(output.skipped)),
                      OutputWords::tr("%Ln failed", "datapoints on which the rule failed", clipped(output.failed))};
    if (output.lastItemAt)
        parts << OutputWords::tr("the latest item at %1").arg(momentWord(output.lastItemAt, context));
    return parts.join(QStringLiteral(" \u00b7 "));
}

QString outputNote(const OutputView& output, const std::vector<EndpointView>& endpoints, bool modified,
                   const ReadingContext& context)
{
    QStringList lines{outputCountsText(output, context)};
    if (const QString served = servedText(output.output.id, endpoints); !served.isEmpty())
        lines << served;
    if (modified)
        lines << OutputWords::tr("New datapoints still use the rule that was saved.");
    return lines.join(u'\n');
}

QString lastErrorText(const OutputView& output, const ReadingContext& context)
{
    if (!output.lastError)
        return {};
    return OutputWords::tr("%1: %2").arg(momentWord(output.lastError->at, context), toQt(output.lastError->detail));
}

} // namespace iotman::ui
