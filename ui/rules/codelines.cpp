#include "ui/rules/codelines.h"

#include "core/rules/payload.h"

#include <QCoreApplication>

namespace iotman::ui {

namespace {

struct CodeLineWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::CodeLines)
};

using rules::Payload;

constexpr std::size_t mostLineCharacters = 120; ///< of a line

QString lineText(std::string_view text)
{
    const bool isLong = text.size() > 4 * mostLineCharacters;
    QString result = QString::fromUtf8(text.data(), static_cast<qsizetype>(isLong ? 4 * mostLineCharacters : text.size()));
    result.replace(u'\n', u' ');
    if (result.size() > static_cast<qsizetype>(mostLineCharacters))
        result = result.left(mostLineCharacters) + QChar(0x2026);
    return result;
}

/// A value in one line, nested ones without their white space.
class LineWriter {
public:
    LineWriter(const Payload& payload, CodeLine& line)
        : payload_(payload)
        , line_(line)
    {
    }

    void write(std::uint32_t node)
    {
        if (isFull())
            return;
        const Payload::Node& value = payload_.node(node);
        switch (value.kind) {
        case Payload::Kind::Object:
            plain(u"{");
            for (std::uint32_t key = node + 1; key < value.next && !isFull(); key = payload_.node(key + 1).next) {
                if (key > node + 1)
                    plain(u", ");
                push(lineText(payload_.text(key)), RuleToken::Key);
                plain(u": ");
                write(key + 1);
            }
            plain(u"}");
            break;
        case Payload::Kind::Array:
            plain(u"[");
            for (std::uint32_t element = node + 1; element < value.next && !isFull(); element = payload_.node(element).next) {
                if (element > node + 1)
                    plain(u", ");
                write(element);
            }
            plain(u"]");
            break;
        case Payload::Kind::String:
            push(lineText(payload_.text(node)), RuleToken::Text);
            break;
        default:
            push(lineText(payload_.text(node)), RuleToken::Number);
        }
    }

private:
    bool isFull() const { return length_ > mostLineCharacters; }
    void plain(QStringView text) { push(text.toString(), RuleToken::Step); }
    void push(QString text, RuleToken token)
    {
        if (isFull())
            return;
        length_ += static_cast<std::size_t>(text.size());
        if (isFull())
            text += QChar(0x2026);
        line_.push_back({std::move(text), token});
    }

    const Payload& payload_;
    CodeLine& line_;
    std::size_t length_ = 0;
};

} // namespace

std::vector<CodeLine> codeLines(const std::string& json, int lines)
{
    Payload payload;
    std::vector<CodeLine> result;
    if (!payload.parse(json))
        return {{{lineText(json), RuleToken::Step}}};
    const Payload::Node& root = payload.node(0);
    if (root.kind != Payload::Kind::Object || root.count == 0) {
        LineWriter(payload, result.emplace_back()).write(0);
        return result;
    }
    const auto members = static_cast<int>(root.count);
    for (std::uint32_t key = 1; key < root.next; key = payload.node(key + 1).next) {
        if (static_cast<int>(result.size()) == lines - 1 && members > lines) {
            const int more = members - lines + 1;
            result.push_back({{CodeLineWords::tr("%Ln more", nullptr, more), RuleToken::Comment}});
            break;
        }
        CodeLine& line = result.emplace_back();
        line.push_back({lineText(payload.text(key)), RuleToken::Key});
        line.push_back({QStringLiteral(": "), RuleToken::Step});
        LineWriter(payload, line).write(key + 1);
    }
    return result;
}

QString plainText(const std::vector<CodeLine>& lines)
{
    QString text;
    for (const CodeLine& line : lines) {
        if (!text.isEmpty())
            text += u'\n';
        for (const CodeRun& run : line)
            text += run.text;
    }
    return text;
}

} // namespace iotman::ui
