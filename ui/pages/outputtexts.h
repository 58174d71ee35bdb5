// What is said of outputs: their rows, what is wrong with an edited one, the question before one goes.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/connection.h"
#include "ui/pages/deletequestion.h"
#include "ui/pages/rowsmodel.h"
#include "ui/pages/words.h"

#include <optional>
#include <vector>

namespace iotman::ui {

/// What a person edits of an output.
struct OutputFields {
    QString name;
    std::vector<SourceName> sources; ///< empty: all
    QString filter;
    QString rule;

    bool operator==(const OutputFields&) const = default;
};

OutputFields fieldsOf(const Output& output);

/// What is wrong with the name; empty when it is fine. `others`: the outputs beside the edited one.
QString nameFault(const QString& name, const std::vector<OutputView>& outputs, const std::optional<OutputId>& edited);

/// The draft of a new output; its fields must be without fault.
OutputDraft draftOf(const OutputFields& fields, bool applyToStored);
/// What differs from `stored`. A name makes no other items, so it alone is not applied to what is stored.
OutputPatch patchOf(const OutputFields& fields, const Output& stored, bool applyToStored);

std::vector<ColumnSpec> outputColumns();
/// `edited`: ids of those with changes that are not saved.
std::vector<TableRow> outputRows(const std::vector<OutputView>& outputs, const QStringList& edited,
                                 const ReadingContext& context);

/// The names of the endpoints that serve it.
QStringList servedAt(const OutputId& output, const std::vector<EndpointView>& endpoints);
/// The question before outputs are deleted; where endpoints serve one it names them.
DeleteQuestion outputQuestion(const std::vector<OutputView>& outputs, const std::vector<EndpointView>& endpoints,
                              Environment environment);

/// “8,180 items · 12 skipped · 3 failed · the latest item at 14:02:31”.
QString outputCountsText(const OutputView& output, const ReadingContext& context);
/// “2 endpoints serve it.”, empty where none does.
QString servedText(const OutputId& output, const std::vector<EndpointView>& endpoints);
/// Both, and which rule is in use while another one is being written.
QString outputNote(const OutputView& output, const std::vector<EndpointView>& endpoints, bool modified,
                   const ReadingContext& context);
/// When a rule last failed and why; empty: it never did.
QString lastErrorText(const OutputView& output, const ReadingContext& context);

} // namespace iotman::ui
