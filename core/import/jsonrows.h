// Rows that are JSON already: one object a line, or the elements of an array.
#pragma once

#include "core/import/objectmatcher.h"
#include "core/import/rowreader.h"
#include "core/import/textwindow.h"
#include "core/import/timereader.h"
#include "core/rules/payload.h"

namespace iotman::files {

/// Checks an object and takes its time out.
class JsonRow {
public:
    JsonRow(const Options& options, TimeReader times);

    /// `text` starts at `line` and `column`, and at `offset` of the file.
    Next read(std::string_view text, std::int64_t line, int column, std::int64_t offset);

private:
    std::optional<std::string> fillTime(Row& row);

    Encoding encoding_;
    std::string timeColumn_;
    TimeReader times_;
    rules::Payload payload_;
    std::string scratch_;
};

class NdjsonRows final : public Rows {
public:
    NdjsonRows(ByteSource& source, const Options& options, TimeReader times);

    Expected<Next> next() override;
    std::int64_t bytesRead() const override { return window_.bytesRead(); }

private:
    TextWindow window_;
    JsonRow row_;
};

class JsonRows final : public Rows {
public:
    JsonRows(ByteSource& source, const Options& options, TimeReader times);

    Expected<Next> next() override;
    std::int64_t bytesRead() const override { return window_.bytesRead(); }

private:
    enum class State { Start, Element, AfterElement, Done };

    Expected<bool> skipSpace();
    Expected<void> start();
    Expected<Next> element();
    Expected<Next> object();
    Expected<Next> refuseElement(std::string_view reason);
    std::string inElement(std::string_view reason) const;
    Expected<Next> tail();
    Expected<void> skipValue();
    Expected<void> separator();
    void pass(std::size_t size);
    tl::unexpected<Error> unusable(std::string_view why);
    tl::unexpected<Error> broken(std::string_view expected);
    std::string word();

    TextWindow window_;
    JsonRow row_;
    State state_ = State::Start;
    bool single_ = false;      ///< the document is one object
    std::int64_t element_ = 0; ///< the one that is being read, from 1
    int column_ = 1;           ///< of the window's start, in characters
};

} // namespace iotman::files
