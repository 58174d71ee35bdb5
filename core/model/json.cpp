#include "core/model/json.h"

#include "core/model/shown.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <unordered_set>

namespace iotman {

namespace {

constexpr std::size_t deepest = 128;
constexpr std::size_t mostMembers = 4096; ///< of one object: its members are a list, each new one compared with all before

/// From here on two neighbouring doubles may be more than a microsecond of seconds apart.
constexpr double wholeMicroseconds = 4e9;
constexpr double microsecond = 1e-6;

/// So many digits come through every double.
constexpr std::size_t digitsOfDoubles = std::numeric_limits<double>::digits10;

/// Marks the bytes of a binary value as the digits of a number.
constexpr std::uint8_t digitsKind = 'N';

Json exactNumber(std::string_view digits)
{
    return Json::binary({digits.begin(), digits.end()}, digitsKind);
}

bool isExact(const Json& value)
{
    return value.is_binary() && value.get_binary().has_subtype() && value.get_binary().subtype() == digitsKind;
}

std::string exactDigits(const Json& value)
{
    return {value.get_binary().begin(), value.get_binary().end()};
}

/// The fewest digits that mean this number and no other; never a whole number's spelling.
std::string doubleText(double number)
{
    if (!std::isfinite(number))
        return "null";
    constexpr double least = 1e-6, greatest = 1e16; // between them without an exponent
    const double size = std::fabs(number);
    const auto format =
        size == 0 || (size >= least && size < greatest) ? std::chars_format::fixed : std::chars_format::scientific;
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, format).ptr;
    std::string text(digits.data(), end);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// Unix seconds without an exponent.
std::optional<Timestamp> cutToMicroseconds(const std::string& digits)
{
    constexpr std::size_t decimals = 6;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::string kept = digits.substr(0, point + 1 + decimals);
    const Expected<Timestamp> time = Timestamp::parseSeconds(kept.back() == '.' ? kept + "0" : kept, {});
    if (!time)
        return std::nullopt;
    const bool isCut = digits.find_first_not_of('0', kept.size()) != std::string::npos;
    const Timestamp cut{isCut && digits.front() == '-' ? time->us - 1 : time->us};
    return cut.us > -secondsLimit * Timestamp::usPerSecond ? std::optional(cut) : std::nullopt;
}

/// Writes JSON as people and programs read it.
class JsonWriter {
public:
    explicit JsonWriter(JsonLayout layout)
        : isIndented_(layout == JsonLayout::Indented)
    {
    }

    void write(const Json& value)
    {
        if (value.is_object())
            object(value);
        else if (value.is_array())
            array(value);
        else if (value.is_string())
            string(value.get_ref<const std::string&>());
        else if (value.is_number_float())
            text_ += doubleText(value.get<double>());
        else if (isExact(value))
            text_ += exactDigits(value);
        else
            text_ += value.dump();
    }
    std::string take() { return std::move(text_); }

private:
    void object(const Json& value)
    {
        text_ += '{';
        ++depth_;
        bool isFirst = true;
        for (const auto& [name, member] : value.items()) {
            begin(isFirst);
            string(name);
            text_ += isIndented_ ? ": " : ":";
            write(member);
        }
        end(isFirst, '}');
    }
    void array(const Json& value)
    {
        text_ += '[';
        ++depth_;
        bool isFirst = true;
        for (const Json& element : value) {
            begin(isFirst);
            write(element);
        }
        end(isFirst, ']');
    }
    void begin(bool& isFirst)
    {
        if (!isFirst)
            text_ += ',';
        isFirst = false;
        newLine();
    }
    void end(bool isEmpty, char bracket)
    {
        --depth_;
        if (!isEmpty)
            newLine();
        text_ += bracket;
    }
    void newLine()
    {
        if (isIndented_)
            text_.append("\n").append(2 * depth_, ' ');
    }
    void string(const std::string& text)
    {
        const auto isPlain = [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; };
        if (std::all_of(text.begin(), text.end(), isPlain))
            text_.append("\"").append(text).append("\"");
        else
            text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    }

    const bool isIndented_;
    std::size_t depth_ = 0;
    std::string text_;
};

std::string nameOf(const Json& value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return "an array";
    case Json::value_t::string: {
        const auto& text = value.get_ref<const std::string&>();
        constexpr std::size_t longest = 40;
        return text.size() <= longest ? "“" + text + "”" : "a text";
    }
    default:
        return jsonText(value);
    }
}

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
        if (digits.back() != '.' && significant > digitsOfDoubles + 1) // one of them is the point
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

std::string jsonText(const Json& value, JsonLayout layout)
{
    JsonWriter writer(layout);
    writer.write(value);
    return writer.take();
}

bool isNumber(const Json& value)
{
    return value.is_number() || isExact(value);
}

double numberIn(const Json& value)
{
    if (!isExact(value))
        return value.get<double>();
    const std::string digits = exactDigits(value);
    double number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::optional<Timestamp> timeIn(const Json& value)
{
    if (!isNumber(value) || !(std::fabs(numberIn(value)) <= static_cast<double>(secondsLimit)))
        return std::nullopt;
    if (value.is_number_float())
        return std::fabs(value.get<double>()) < microsecond ? Timestamp{value.get<double>() < 0 ? -1 : 0}
                                                            : cutToMicroseconds(doubleText(value.get<double>()));
    return cutToMicroseconds(isExact(value) ? exactDigits(value) : value.dump());
}

Json timeJson(Timestamp time)
{
    if (time.us % Timestamp::usPerSecond == 0)
        return time.us / Timestamp::usPerSecond;
    const double seconds = static_cast<double>(time.us) / static_cast<double>(Timestamp::usPerSecond);
    return std::fabs(seconds) < wholeMicroseconds ? Json(seconds) : exactNumber(time.seconds());
}

Json timeJson(const std::optional<Timestamp>& time)
{
    return time ? timeJson(*time) : Json(nullptr);
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

ObjectReader::ObjectReader(const Json& value, UnknownMembers unknown)
    : value_(&value)
    , unknown_(unknown)
{
    if (!value.is_object())
        refuse({Problem::BadRequest, "expected an object, but got " + nameOf(value), {}});
}

bool ObjectReader::has(std::string_view member) const
{
    return value_->is_object() && value_->contains(member);
}

void ObjectReader::ignore(std::string_view member)
{
    known_.emplace_back(member);
}

const Json* ObjectReader::find(std::string_view member)
{
    known_.emplace_back(member);
    if (error_ || !value_->is_object())
        return nullptr;
    const auto found = value_->find(member);
    return found == value_->end() ? nullptr : &*found;
}

void ObjectReader::expected(std::string_view member, std::string_view what, const Json* got)
{
    if (!got && !error_)
        missing_ = member;
    refuse({Problem::BadRequest,
            std::string(member) + ": expected " + std::string(what) + (got ? ", but got " + nameOf(*got) : ", but it is missing"),
            std::string(member), 0, got ? "/" + pointerToken(member) : std::string()});
}

std::string ObjectReader::requiredText(std::string_view member)
{
    const Json* found = find(member);
    if (!error_ && (!found || !found->is_string()))
        expected(member, "a text", found);
    return error_ ? std::string() : found->get<std::string>();
}

std::string ObjectReader::text(std::string_view member, std::string_view fallback)
{
    const Json* found = find(member);
    if (!found)
        return std::string(fallback);
    if (!found->is_string())
        expected(member, "a text", found);
    return error_ ? std::string() : found->get<std::string>();
}

std::optional<std::string> ObjectReader::optionalText(std::string_view member)
{
    const Json* found = find(member);
    if (!found || found->is_null())
        return std::nullopt;
    if (!found->is_string()) {
        expected(member, "a text or null", found);
        return std::nullopt;
    }
    return found->get<std::string>();
}

bool ObjectReader::flag(std::string_view member, bool fallback)
{
    const Json* found = find(member);
    if (!found)
        return fallback;
    if (!found->is_boolean())
        expected(member, "true or false", found);
    return error_ ? fallback : found->get<bool>();
}

std::optional<Timestamp> ObjectReader::time(std::string_view member)
{
    const Json* found = find(member);
    if (!found || found->is_null())
        return std::nullopt;
    if (!isNumber(*found)) {
        expected(member, "Unix seconds or null", found);
        return std::nullopt;
    }
    const std::optional<Timestamp> time = timeIn(*found);
    if (!time)
        expected(member, "Unix seconds below 1e11", found);
    return time;
}

std::int64_t ObjectReader::integer(std::string_view member, std::int64_t fallback, std::int64_t least, std::int64_t most)
{
    const Json* found = find(member);
    if (!found)
        return fallback;
    const bool whole = found->is_number_integer() && !(found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX);
    if (!whole || found->get<std::int64_t>() < least || found->get<std::int64_t>() > most) {
        expected(member, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), found);
        return fallback;
    }
    return found->get<std::int64_t>();
}

std::vector<std::string> ObjectReader::texts(std::string_view member)
{
    std::vector<std::string> values;
    const Json* found = array(member);
    for (std::size_t i = 0; found && i < found->size(); ++i) {
        const Json& value = (*found)[i];
        if (!value.is_string()) {
            expected(member, "an array of texts", &value);
            error_->pointer += "/" + std::to_string(i);
            return {};
        }
        values.push_back(value.get<std::string>());
    }
    return values;
}

const Json* ObjectReader::object(std::string_view member)
{
    const Json* found = find(member);
    if (found && !found->is_object()) {
        expected(member, "an object", found);
        return nullptr;
    }
    return found;
}

const Json* ObjectReader::array(std::string_view member)
{
    const Json* found = find(member);
    if (found && !found->is_array()) {
        expected(member, "an array", found);
        return nullptr;
    }
    return found;
}

const Json* ObjectReader::any(std::string_view member)
{
    return find(member);
}

void ObjectReader::refuse(Error error)
{
    if (!error_)
        error_ = std::move(error);
}

Expected<void> ObjectReader::finish()
{
    // Where one is missing and another not known, the latter is what was misspelt.
    if ((!error_ || !missing_.empty()) && unknown_ == UnknownMembers::Refused && value_->is_object()) {
        for (const auto& [member, value] : value_->items()) {
            if (std::find(known_.begin(), known_.end(), member) == known_.end()) {
                const std::string expected = missing_.empty() ? "" : "; expected “" + missing_ + "”";
                error_ = Error{Problem::BadRequest, "“" + member + "” is not a known member here" + expected, member, 0,
                               "/" + pointerToken(member)};
                break;
            }
        }
    }
    if (error_)
        return fail(*error_);
    return {};
}

} // namespace iotman
