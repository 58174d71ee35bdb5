// One record of separated fields (RFC 4180 §2), found in a text without copying it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::files {

struct CsvSyntax {
    char separator = ',';
    char quote = '"';
};

struct CsvField {
    std::string_view raw; ///< without the quotes around it
    bool quoted = false;
    bool doubled = false; ///< quotes inside are still written twice

    /// The field's characters; `scratch` holds them where they are not simply `raw`.
    std::string_view text(char quote, std::string& scratch) const;
};

enum class RecordEnd {
    Complete,
    NeedsMore,    ///< the text may go on: read more and try again
    Unclosed,     ///< the text is over inside a quoted field
    AfterClosing, ///< something other than a separator or a line end follows a closing quote, at `CsvRecord::at`
};

struct CsvRecord {
    std::vector<CsvField> fields;
    std::size_t size = 0; ///< bytes, with the line end
    bool open = false;    ///< NeedsMore: the text stops inside a quoted field
    std::size_t at = 0;   ///< where it went wrong: the opening quote (Unclosed) or the byte after the closing one

    /// An empty line: a record without content.
    bool isBlank() const { return fields.size() == 1 && fields.front().raw.empty() && !fields.front().quoted; }
};

/// Reads the record at the start of `text` into `record`, whose storage is used again; its fields are views of `text`.
/// Lines end with LF, CR LF or CR. A quote inside an unquoted field is a character like any other.
/// `complete`: nothing follows `text`; an empty text then is a blank record of size 0.
RecordEnd readRecord(std::string_view text, bool complete, const CsvSyntax& syntax, CsvRecord& record);

} // namespace iotman::files
