#include "core/client/secret.h"

#include "core/model/encoding.h"

#include <array>
#include <utility>

namespace iotman::client {

namespace {

void wipe(const std::string* text)
{
    // Volatile, or the compiler may leave out writes that nobody reads.
    auto* bytes = const_cast<volatile char*>(text->data());
    for (std::size_t i = 0; i < text->size(); ++i)
        bytes[i] = '\0';
    delete text;
}

bool isInvisible(QChar c)
{
    return c.isSpace() || c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
}

QString trimmed(const QString& text)
{
    qsizetype first = 0;
    qsizetype last = text.size();
    while (first < last && isInvisible(text[first]))
        ++first;
    while (last > first && isInvisible(text[last - 1]))
        --last;
    return text.mid(first, last - first);
}

bool isQuoted(const QString& text)
{
    constexpr std::array<std::pair<char16_t, char16_t>, 6> quotes{
        {{u'"', u'"'}, {u'\'', u'\''}, {u'`', u'`'}, {u'“', u'”'}, {u'‘', u'’'}, {u'„', u'“'}}};
    if (text.size() < 2)
        return false;
    for (const auto& [open, close] : quotes) {
        if (text.front() == QChar(open) && text.back() == QChar(close))
            return true;
    }
    return false;
}

} // namespace

Secret::Secret(std::string text)
    : text_(new std::string(text), wipe)
{
    auto* bytes = static_cast<volatile char*>(text.data());
    for (std::size_t i = 0; i < text.size(); ++i)
        bytes[i] = '\0';
}

const std::string& Secret::reveal() const
{
    static const std::string none;
    return text_ ? *text_ : none;
}

std::string Secret::hiddenIn(std::string text) const
{
    if (isEmpty())
        return text;
    constexpr std::string_view dots = "…";
    for (std::size_t at = text.find(*text_); at != std::string::npos; at = text.find(*text_, at + dots.size()))
        text.replace(at, text_->size(), dots);
    return text;
}

bool operator==(const Secret& a, const Secret& b)
{
    return sameSecret(a.reveal(), b.reveal());
}

QDebug operator<<(QDebug debug, const Secret&)
{
    const QDebugStateSaver saver(debug);
    return debug.noquote() << "(secret)";
}

QString cleanPasted(QString pasted)
{
    pasted = trimmed(pasted);
    while (isQuoted(pasted))
        pasted = trimmed(pasted.mid(1, pasted.size() - 2));
    return pasted;
}

} // namespace iotman::client
