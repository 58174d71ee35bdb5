// The part of a file that is being looked at, as UTF-8, however large the file is.
#pragma once

#include "core/import/bytesource.h"
#include "core/import/decoder.h"

namespace iotman::files {

/// What lies before a place in a text: how an editor counts lines, where CR LF, LF and CR alone each end one.
struct LineCount {
    std::int64_t line = 1;
    bool afterReturn = false; ///< the last character was CR: an LF that follows belongs to it

    void pass(std::string_view text);
};

/// The byte after the first line end in `text` and all of it: 1 after LF or CR, 2 after CR LF; npos when there is none.
/// A CR that is the last byte of a text which goes on is none yet: `complete` says that nothing follows.
std::size_t afterLine(std::string_view text, bool complete);

/// A window on decoded text: grows at its end by `more`, shrinks at its start by `drop`. A byte order mark is left out.
/// One thread at a time.
class TextWindow {
public:
    /// The source must outlive it.
    TextWindow(ByteSource& source, Encoding encoding);

    std::string_view text() const { return std::string_view(buffer_).substr(begin_); }
    /// Nothing comes after `text`.
    bool complete() const { return complete_; }

    /// Reads on. Errors: the source's. Invalidates views of `text`.
    Expected<void> more();
    /// Reads on until the window holds `size` bytes or all there is.
    Expected<void> atLeast(std::size_t size);
    /// The first `size` bytes are done with.
    void drop(std::size_t size);
    /// Drops up to and with the next line end, however far that is.
    Expected<void> dropLine();

    /// The line that `text` starts in.
    std::int64_t line() const { return lines_.line; }
    /// UTF-8: the byte of the file that `text` starts with, from 0. Other encodings: that of the decoded text.
    std::int64_t offset() const { return offset_; }
    /// Bytes taken from the source so far.
    std::int64_t bytesRead() const { return bytesRead_; }

private:
    void skipByteOrderMark();

    ByteSource& source_;
    Decoder decoder_;
    std::string buffer_;
    std::string piece_;
    std::size_t begin_ = 0;
    bool complete_ = false;
    bool started_ = false; ///< the place of a byte order mark is behind
    LineCount lines_;
    std::int64_t offset_ = 0;
    std::int64_t bytesRead_ = 0;
};

} // namespace iotman::files
