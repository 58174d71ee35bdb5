#include "core/import/textwindow.h"

#include "core/import/utf8.h"

namespace iotman::files {

namespace {

constexpr std::size_t pieceSize = 128 * 1024;

} // namespace

void LineCount::pass(std::string_view text)
{
    for (const char c : text) {
        if (c == '\r' || (c == '\n' && !afterReturn))
            ++line;
        afterReturn = c == '\r';
    }
}

std::size_t afterLine(std::string_view text, bool complete)
{
    std::size_t end = 0;
    while (end < text.size() && text[end] != '\n' && text[end] != '\r')
        ++end;
    if (end == text.size())
        return std::string_view::npos;
    if (text[end] == '\n')
        return end + 1;
    if (end + 1 == text.size())
        return complete ? end + 1 : std::string_view::npos;
    return end + (text[end + 1] == '\n' ? 2 : 1);
}

TextWindow::TextWindow(ByteSource& source, Encoding encoding)
    : source_(source)
    , decoder_(encoding)
    , piece_(pieceSize, '\0')
{
}

Expected<void> TextWindow::more()
{
    if (complete_)
        return {};
    buffer_.erase(0, begin_);
    begin_ = 0;
    const Expected<std::size_t> got = source_.read(piece_);
    if (!got) {
        complete_ = true;
        return fail(got.error());
    }
    bytesRead_ += static_cast<std::int64_t>(*got);
    complete_ = *got == 0;
    decoder_.append(std::string_view(piece_).substr(0, *got), complete_, buffer_);
    if (!started_)
        skipByteOrderMark();
    return {};
}

void TextWindow::skipByteOrderMark()
{
    if (buffer_.size() < byteOrderMark.size() && !complete_)
        return; // before this nobody sees the text: `atLeast` of the first call reads on
    started_ = true;
    if (buffer_.compare(0, byteOrderMark.size(), byteOrderMark) == 0) {
        begin_ = byteOrderMark.size();
        offset_ += static_cast<std::int64_t>(byteOrderMark.size());
    }
}

Expected<void> TextWindow::atLeast(std::size_t size)
{
    while (!complete_ && (text().size() < size || !started_))
        if (Expected<void> read = more(); !read)
            return read;
    return {};
}

void TextWindow::drop(std::size_t size)
{
    lines_.pass(text().substr(0, size));
    begin_ += size;
    offset_ += static_cast<std::int64_t>(size);
}

Expected<void> TextWindow::dropLine()
{
    for (;;) {
        const std::size_t end = afterLine(text(), complete_);
        if (end != std::string_view::npos) {
            drop(end);
            return {};
        }
        // A CR at the very end stays until what follows it is known.
        drop(text().size() - (!complete_ && text().ends_with('\r') ? 1 : 0));
        if (complete_)
            return {};
        if (Expected<void> read = more(); !read)
            return read;
    }
}

} // namespace iotman::files
