#include "core/import/csvrecord.h"

namespace iotman::files {

namespace {

/// Walks over one record. Each step says how the record ended, or nothing while it goes on.
class Walk {
public:
    Walk(std::string_view text, bool complete, const CsvSyntax& syntax, CsvRecord& record)
        : text_(text)
        , complete_(complete)
        , syntax_(syntax)
        , record_(record)
    {
        record_.fields.clear();
        record_.open = false;
    }

    RecordEnd run()
    {
        for (;;) {
            CsvField field;
            if (at_ < text_.size() && text_[at_] == syntax_.quote) {
                if (const RecordEnd end = quotedField(field); end != RecordEnd::Complete)
                    return end;
            } else {
                plainField(field);
            }
            record_.fields.push_back(field);
            if (at_ < text_.size() && text_[at_] == syntax_.separator) {
                ++at_;
                continue;
            }
            return lineEnd();
        }
    }

private:
    void plainField(CsvField& field)
    {
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != syntax_.separator && text_[at_] != '\n' && text_[at_] != '\r')
            ++at_;
        field.raw = text_.substr(start, at_ - start);
    }

    RecordEnd quotedField(CsvField& field)
    {
        const std::size_t start = at_ + 1;
        std::size_t close = start;
        for (;; close += 2) {
            close = text_.find(syntax_.quote, close);
            if (close == std::string_view::npos || (close + 1 == text_.size() && !complete_)) {
                record_.at = at_;
                record_.open = true;
                return complete_ ? RecordEnd::Unclosed : RecordEnd::NeedsMore;
            }
            if (close + 1 == text_.size() || text_[close + 1] != syntax_.quote)
                break;
            field.doubled = true;
        }
        field.quoted = true;
        field.raw = text_.substr(start, close - start);
        at_ = close + 1;
        if (at_ == text_.size() || text_[at_] == syntax_.separator || text_[at_] == '\n' || text_[at_] == '\r')
            return RecordEnd::Complete;
        record_.at = at_;
        return RecordEnd::AfterClosing;
    }

    RecordEnd lineEnd()
    {
        const bool isReturn = at_ < text_.size() && text_[at_] == '\r';
        if (!complete_ && (at_ == text_.size() || (isReturn && at_ + 1 == text_.size())))
            return RecordEnd::NeedsMore;
        if (at_ < text_.size())
            ++at_;
        if (isReturn && at_ < text_.size() && text_[at_] == '\n')
            ++at_;
        record_.size = at_;
        return RecordEnd::Complete;
    }

    std::string_view text_;
    bool complete_;
    const CsvSyntax& syntax_;
    CsvRecord& record_;
    std::size_t at_ = 0;
};

} // namespace

std::string_view CsvField::text(char quote, std::string& scratch) const
{
    if (!doubled)
        return raw;
    scratch.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        scratch += raw[i];
        if (raw[i] == quote)
            ++i; // the second one of the two
    }
    return scratch;
}

RecordEnd readRecord(std::string_view text, bool complete, const CsvSyntax& syntax, CsvRecord& record)
{
    return Walk(text, complete, syntax, record).run();
}

} // namespace iotman::files
