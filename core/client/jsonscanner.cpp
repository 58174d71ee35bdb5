#include "core/client/jsonscanner.h"

#include "core/model/ascii.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace iotman::client {

namespace {

constexpr std::size_t deepest = 1024;

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

} // namespace

bool JsonScanner::fault(std::string_view expected)
{
    if (fault_.empty()) {
        fault_ = "byte " + std::to_string(at_) + ": expected " + std::string(expected) +
                 (at_ < text_.size() ? "" : ", but the text ends");
        at_ = text_.size();
    }
    return false;
}

void JsonScanner::skipBlanks()
{
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
        ++at_;
}

bool JsonScanner::peek(char c)
{
    skipBlanks();
    return at_ < text_.size() && text_[at_] == c;
}

bool JsonScanner::take(char c)
{
    if (!peek(c))
        return false;
    ++at_;
    return true;
}

std::optional<std::string_view> JsonScanner::value()
{
    skipBlanks();
    const std::size_t start = at_;
    if (!fault_.empty() || !skipValue())
        return std::nullopt;
    return text_.substr(start, at_ - start);
}

bool JsonScanner::enterObject()
{
    return fault_.empty() && take('{') && (first_ = true);
}
bool JsonScanner::enterArray()
{
    return fault_.empty() && take('[') && (first_ = true);
}

/// Whether another member or element follows, past the comma if there must be one.
bool JsonScanner::next(char close)
{
    if (!fault_.empty())
        return false;
    const bool first = std::exchange(first_, false);
    if (take(close))
        return false;
    return first || take(',') || fault("“,” or the end of the list");
}

std::optional<std::string_view> JsonScanner::member()
{
    if (!next('}'))
        return std::nullopt;
    skipBlanks();
    const std::size_t start = at_ + 1;
    if (!skipString())
        return std::nullopt;
    const std::string_view name = text_.substr(start, at_ - start - 1);
    if (!take(':')) {
        fault("“:”");
        return std::nullopt;
    }
    return name;
}

bool JsonScanner::element()
{
    return next(']');
}

Expected<void> JsonScanner::finish()
{
    skipBlanks();
    if (fault_.empty() && at_ < text_.size())
        fault("the end of the text");
    if (!fault_.empty())
        return fail(Problem::BadRequest, "This is not JSON: " + fault_ + ".");
    return {};
}

bool JsonScanner::skipValue()
{
    // The closing brackets still to come; no recursion, so depth costs no stack.
    std::vector<char> open;
    do {
        skipBlanks();
        if (at_ >= text_.size())
            return fault("a value");
        const char c = text_[at_];
        if (c == '{' || c == '[') {
            if (open.size() >= deepest)
                return fault("less nesting");
            ++at_;
            open.push_back(c == '{' ? '}' : ']');
            if (!take(open.back())) {
                if (c == '{' && (skipBlanks(), !skipString() || !(take(':') || fault("“:”"))))
                    return false;
                continue;
            }
            open.pop_back();
        } else if (!(c == '"'   ? skipString()
                     : c == 't' ? skipWord("true")
                     : c == 'f' ? skipWord("false")
                     : c == 'n' ? skipWord("null")
                                : skipNumber())) {
            return false;
        }
        while (!open.empty() && take(open.back()))
            open.pop_back();
        if (!open.empty()) {
            if (!take(','))
                return fault("“,” or a closing bracket");
            if (open.back() == '}' && (skipBlanks(), !skipString() || !(take(':') || fault("“:”"))))
                return false;
        }
    } while (!open.empty());
    return true;
}

bool JsonScanner::skipString()
{
    if (at_ >= text_.size() || text_[at_] != '"')
        return fault("a text in quotes");
    for (++at_; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            ++at_;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20)
            return fault("no control character in a text");
        if (c != '\\')
            continue;
        ++at_;
        if (at_ >= text_.size())
            break;
        if (text_[at_] == 'u') {
            for (int i = 0; i < 4; ++i) {
                if (++at_ >= text_.size() || !isHex(text_[at_]))
                    return fault("four hex digits");
            }
        } else if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
            return fault("an escape that JSON knows");
        }
    }
    return fault("a closing quote");
}

bool JsonScanner::skipDigits()
{
    if (at_ >= text_.size() || !isDigit(text_[at_]))
        return fault("a digit");
    while (at_ < text_.size() && isDigit(text_[at_]))
        ++at_;
    return true;
}

bool JsonScanner::skipNumber()
{
    const auto at = [this](char c) { return at_ < text_.size() && text_[at_] == c; };
    if (!at('-') && !(at_ < text_.size() && isDigit(text_[at_])))
        return fault("a value");
    if (at('-'))
        ++at_;
    if (at('0'))
        ++at_;
    else if (!skipDigits())
        return false;
    if (at('.') && (++at_, !skipDigits()))
        return false;
    if (at('e') || at('E')) {
        ++at_;
        if (at('+') || at('-'))
            ++at_;
        return skipDigits();
    }
    return true;
}

bool JsonScanner::skipWord(std::string_view word)
{
    if (text_.substr(at_, word.size()) != word)
        return fault("a value");
    at_ += word.size();
    return true;
}

std::optional<std::string> stringFrom(std::string_view slice)
{
    const auto parsed = nlohmann::json::parse(slice, nullptr, false);
    return parsed.is_string() ? std::optional(parsed.get<std::string>()) : std::nullopt;
}

} // namespace iotman::client
