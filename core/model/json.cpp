#include "core/model/json.h"

#include "core/model/jsonnumber.h"
#include "core/model/shown.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_set>

namespace iotman {

namespace {

constexpr std::size_t deepest = 128;
constexpr std::size_t mostMembers = 4096; ///< of one object: its members are a list, each new one compared with all before

/// Walks JSON text only as far as is needed to find where things start. The text has been parsed before.
class Locator {
public:
    explicit Locator(std::string_view text)
        : text_(text)
    {
    }

    std::size_t find(std::string_view pointer)
    {
        skipBlank();
        while (!pointer.empty()) {
            pointer.remove_prefix(1);
            const std::string_view token = pointer.substr(0, pointer.find('/'));
            const std::size_t start = at_;
            if (!enter(unescaped(token)))
                return start;
            pointer.remove_prefix(token.size());
        }
        return at_;
    }

private:
    static std::string unescaped(std::string_view token)
    {
        std::string text;
        for (std::size_t i = 0; i < token.size(); ++i) {
            if (token[i] == '~' && i + 1 < token.size())
                text += token[++i] == '1' ? '/' : '~';
            else
                text += token[i];
        }
        return text;
    }

    bool enter(const std::string& token)
    {
        if (at_ >= text_.size() || (text_[at_] != '{' && text_[at_] != '['))
            return false;
        const bool object = text_[at_++] == '{';
        for (std::size_t index = 0;; ++index) {
            skipBlank();
            if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']')
                return false;
            std::string name = std::to_string(index);
            if (object) {
                const std::size_t start = at_;
                skipString();
                name = Json::parse(text_.substr(start, at_ - start), nullptr, false).get<std::string>();
                skipBlank();
                ++at_; // the colon
                skipBlank();
            }
            if (name == token)
                return true;
            skipValue();
            skipBlank();
            if (at_ < text_.size() && text_[at_] == ',')
                ++at_;
        }
    }

    void skipBlank()
    {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
            ++at_;
    }

    void skipString()
    {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\')
                ++at_;
        }
        ++at_;
    }

    void skipValue()
    {
        int depth = 0;
        do {
            if (at_ >= text_.size())
                return;
            const char c = text_[at_];
            if (c == '"') {
                skipString();
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}' || c == ']'))
                return;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            ++at_;
        } while (depth > 0 || (at_ < text_.size() && std::string_view(",}]").find(text_[at_]) == std::string_view::npos));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Lines end with LF, CR LF or CR.
bool endsLine(std::string_view text, std::size_t at)
{
    return text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'));
}

int lineAt(std::string_view text, std::size_t offset)
{
    int line = 1;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i)
        line += endsLine(text, i);
    return line;
}

std::size_t lineStart(std::string_view text, std::size_t at)
{
    while (at > 0 && !endsLine(text, at - 1))
        --at;
    return at;
}

Error placed(std::string_view text, std::size_t at, const std::string& why)
{
    const std::size_t start = lineStart(text, std::min(at, text.size()));
    Error error{Problem::BadRequest, {}};
    error.line = lineAt(text, at);
    error.column = columnAt(text.substr(start), std::min(at, text.size()) - start);
    error.detail = "line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " + why;
    return error;
}

/// What should stand there, by what the parser says of it.
std::string_view expectedThere(std::string_view parserSays)
{
    struct Saying {
        std::string_view parsers, ours;
    };
    constexpr std::array<Saying, 5> sayings{{{"; expected '}'", "a comma or “}”"},
                                             {"; expected ']'", "a comma or “]”"},
                                             {"; expected ':'", "“:”"},
                                             {"; expected string literal", "a member's name in quotes"},
                                             {"; expected end of input", "nothing more"}}};
    const auto said = [&](const Saying& saying) { return parserSays.find(saying.parsers) != std::string_view::npos; };
    const auto found = std::find_if(sayings.begin(), sayings.end(), said);
    return found == sayings.end() ? "JSON" : found->ours;
}

Error notJson(std::string_view text, std::size_t at, std::string_view parserSays)
{
    if (at >= text.size())
        return placed(text, at, "the JSON text ends too early");
    if (parserSays.find("control character") != std::string_view::npos)
        return placed(text, at, "a line break, tab or other control character inside a text is written as \\n, \\t or \\u0000");
    if (text[at] == '"' && at > 0) // the parser has read all of a text that should not be there
        at = std::min(text.rfind('"', at - 1), at);
    const std::string expected(expectedThere(parserSays));
    if (static_cast<unsigned char>(text[at]) > 0x20 && static_cast<unsigned char>(text[at]) < 0x7f)
        return placed(text, at, "expected " + expected + " here, but got “" + text[at] + "”");
    return placed(text, at, expected == "JSON" ? "this is not JSON" : "expected " + expected + " here");
}

/// How much at the start of `text` is well-formed UTF-8.
std::size_t utf8Prefix(std::string_view text)
{
    if (isUtf8(text))
        return text.size();
    constexpr std::size_t longest = 4;
    std::size_t at = 0;
    for (;;) {
        std::size_t length = 1;
        while (length <= longest && !isUtf8(text.substr(at, length)))
            ++length;
        if (length > longest)
            return at;
        at += length;
    }
}

/// A text's characters that say how far the parser has read: its callbacks have no position of their own.
class CountedCharacters {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountedCharacters(const char* at, std::size_t& read)
        : at_(at)
        , read_(&read)
    {
    }

    reference operator*() const { return *at_; }
    CountedCharacters& operator++()
    {
        ++at_;
        ++*read_;
        return *this;
    }
    bool operator==(const CountedCharacters& other) const { return at_ == other.at_; }

private:
    const char* at_;
    std::size_t* read_;
};

/// Watches a parse for what JSON allows and we do not. Once something is wrong nothing more is kept, so the rest costs little.
class Watch {
public:
    Watch(std::string_view text, const std::size_t& read)
        : text_(text)
        , read_(read)
    {
    }

    bool operator()(int depth, Json::parse_event_t event, Json& parsed)
    {
        if (error_)
            return false;
        if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start)
            enter(depth);
        else if (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end)
            members_.pop_back();
        else if (event == Json::parse_event_t::key)
            member(parsed.get_ref<const std::string&>());
        else if (parsed.is_number_float())
            keepDigits(parsed);
        return !error_;
    }

    const std::optional<Error>& error() const { return error_; }

private:
    void enter(int depth)
    {
        members_.emplace_back();
        if (static_cast<std::size_t>(depth) >= deepest)
            error_ = placed(text_, read_ - 1, "nested deeper than " + std::to_string(deepest));
    }

    void member(const std::string& name)
    {
        auto& names = members_.back();
        if (!names.insert(name).second)
            error_ = placed(text_, nameStart(), "the member " + shown(name) + " stands there twice");
        else if (names.size() > mostMembers)
            error_ = placed(text_, nameStart(), "an object with more than " + std::to_string(mostMembers) + " members");
    }

    /// Of a number that has just been read, and perhaps one character more: where a double would change them.
    void keepDigits(Json& parsed) const
    {
        constexpr std::string_view ofNumber = "+-.0123456789Ee";
        const std::size_t last = text_.find_last_of(ofNumber, read_ - 1);
        const std::size_t before = text_.find_last_not_of(ofNumber, last);
        const std::size_t first = before == std::string_view::npos ? 0 : before + 1;
        std::string_view digits = text_.substr(first, last + 1 - first);
        if (digits.find_first_of("Ee") != std::string_view::npos)
            return;
        digits = digits.substr(0, digits.find_last_not_of('0') + 1);
        const std::size_t significant = digits.size() - std::min(digits.find_first_of("123456789"), digits.size());
        if (digits.back() != '.' && significant > mostDigitsOfDouble)
            parsed = exactNumber(digits);
    }

    /// Where the name begins whose closing quote was just read: at the last quote that no backslash escapes.
    std::size_t nameStart() const
    {
        std::size_t quote = read_ - 1;
        do
            quote = text_.rfind('"', quote - 1);
        while (text_[quote - 1] == '\\');
        return quote;
    }

    std::string_view text_;
    const std::size_t& read_;
    std::vector<std::unordered_set<std::string>> members_; ///< of each object and array that is open
    std::optional<Error> error_;
};

} // namespace

Expected<Json> parseJson(std::string_view text)
{
    if (const std::size_t end = utf8Prefix(text); end < text.size())
        return fail(placed(text, end, "expected JSON in UTF-8, but this is not UTF-8"));
    Json value;
    std::size_t read = 0;
    Watch watch(text, read);
    try {
        value = Json::parse(CountedCharacters(text.data(), read), CountedCharacters(text.data() + text.size(), read),
                            std::ref(watch));
    } catch (const nlohmann::json::parse_error& error) {
        return fail(notJson(text, error.byte > 0 ? error.byte - 1 : 0, error.what()));
    } catch (const nlohmann::json::exception&) {
        return fail(placed(text, read > 0 ? read - 1 : 0, "this number is too large"));
    }
    if (watch.error())
        return fail(*watch.error());
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) // the parser takes it for the end
        return fail(placed(text, zero, "this is not JSON"));
    return value;
}

int jsonLine(std::string_view text, std::string_view pointer)
{
    return lineAt(text, Locator(text).find(pointer));
}

std::string pointerToken(std::string_view member)
{
    std::string token;
    for (const char c : member) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += c;
    }
    return token;
}

} // namespace iotman
