#include "core/model/jsonnumber.h"

#include <algorithm>

namespace iotman {

namespace {

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
        else if (value.is_number_unsigned())
            text_ += std::to_string(value.get<std::uint64_t>());
        else if (value.is_number_integer())
            text_ += std::to_string(value.get<std::int64_t>());
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

} // namespace

std::string jsonText(const Json& value, JsonLayout layout)
{
    JsonWriter writer(layout);
    writer.write(value);
    return writer.take();
}

} // namespace iotman
