// How findings of the contract lab read on the screen.
#pragma once

#include "core/lab/report.h"
#include "ui/pages/rowsmodel.h"

#include <QString>

#include <vector>

namespace iotman::ui {

std::vector<ColumnSpec> findingColumns();
std::vector<TableRow> findingRows(const std::vector<lab::Finding>& findings);

/// “27 equal, 1 different, 3 unknown”, without what there is none of.
QString findingsSummary(const std::vector<lab::Finding>& findings);

/// What a side said, then each question with its answer.
QString testimonyText(const lab::Testimony& testimony);

/// A piece of a text.
struct TextRange {
    qsizetype start = 0;
    qsizetype length = 0;

    bool operator==(const TextRange&) const = default;
};
/// The words of `text` that `other` does not have at their place: what is to be marked in `text`.
std::vector<TextRange> differingWords(const QString& text, const QString& other);

} // namespace iotman::ui
