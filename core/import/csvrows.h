// Rows of separated fields.
#pragma once

#include "core/import/csvrecord.h"
#include "core/import/rowreader.h"
#include "core/import/textwindow.h"
#include "core/import/timereader.h"

namespace iotman::files {

/// The names of columns whose header fields are `names`: empty ones become `column3`, a repeated one `name_2`, since a
/// JSON object has each key once.
std::vector<std::string> columnNames(std::vector<std::string> names);

class CsvRows final : public Rows {
public:
    CsvRows(ByteSource& source, const Options& options, TimeReader times);

    Expected<Next> next() override;
    std::int64_t bytesRead() const override { return window_.bytesRead(); }
    std::vector<std::string> columns() const override { return names_; }

private:
    struct Column {
        std::string key; ///< `"name":`
        CellType type = CellType::Auto;
    };

    Expected<void> readHeader();
    Expected<void> setColumns(std::vector<std::string> names);
    Expected<bool> nextRecord(std::optional<Refusal>& refusal);
    Expected<Next> refuseLine(std::string reason);
    Refusal refusalOf(std::string reason) const { return {window_.line(), std::move(reason)}; }
    std::string misquoted(RecordEnd end) const;
    std::optional<std::string> badText(std::string_view text) const;
    Next rowFrom();
    std::optional<std::string> fillPayload(std::string& payload);
    std::optional<std::string> appendCell(const Column& column, const CsvField& field, std::string& payload);
    std::optional<std::string> fillTime(Row& row);
    bool meansNull(std::string_view text) const;

    Options options_;
    CsvSyntax syntax_;
    TimeReader times_;
    TextWindow window_;
    CsvRecord record_;
    std::vector<std::string> names_;
    std::vector<Column> columns_;
    std::optional<std::size_t> timeColumn_;
    bool headerRead_ = false;
    std::string cell_;
    std::string number_;
};

} // namespace iotman::files
