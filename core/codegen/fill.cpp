#include "core/codegen/fill.h"

namespace iotman::codegen {

namespace {

bool isName(std::string_view name)
{
    for (const char c : name) {
        if ((c < 'A' || c > 'Z') && c != '_')
            return false;
    }
    return !name.empty();
}

} // namespace

std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> places)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        std::string out;
        bool emptied = false;
        while (!line.empty()) {
            const std::size_t start = line.find('@');
            const std::size_t stop = start == std::string_view::npos ? start : line.find('@', start + 1);
            if (stop == std::string_view::npos) {
                out += line;
                break;
            }
            const std::string_view name = line.substr(start + 1, stop - start - 1);
            if (!isName(name)) {
                out += line.substr(0, stop);
                line = line.substr(stop);
                continue;
            }
            out += line.substr(0, start);
            for (const auto& [place, value] : places) {
                if (place == name) {
                    out += value;
                    emptied = emptied || value.empty();
                }
            }
            line = line.substr(stop + 1);
        }
        if (emptied && out.find_first_not_of(' ') == std::string::npos)
            continue;
        result += out + (end == std::string_view::npos ? "" : "\n");
    }
    return result;
}

} // namespace iotman::codegen
