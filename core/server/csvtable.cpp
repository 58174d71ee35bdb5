#include "core/server/csvtable.h"

#include <algorithm>

namespace iotman::server {

namespace {

using Kind = rules::Payload::Kind;

/// RFC 4180 §2: quoted where a comma, a quote or a line break stands in it, quotes doubled. Blanks at an end and an empty text
/// are quoted too, or readers would trim the one and take the other for nothing.
std::string csvCell(std::string_view text)
{
    const bool plain = !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos && text.front() != ' ' &&
                       text.back() != ' ' && text.front() != '\t' && text.back() != '\t';
    if (plain)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

/// Bytes of the ways to all values of one item.
constexpr std::size_t mostItemNames = std::size_t(1) * 1024 * 1024;

} // namespace

void CsvTable::put(const Path& path, std::string cell, std::vector<Cell>& row)
{
    const auto [column, isNew] = byPath_.try_emplace(path.text, static_cast<std::uint32_t>(columns_.size()));
    if (isNew) {
        columns_.push_back({path.text, freeName(path.name)});
        names_.insert(columns_.back().name);
        nameBytes_ += columns_.back().name.size();
    }
    row.emplace_back(column->second, std::move(cell));
}

std::string CsvTable::freeName(const std::string& name)
{
    if (!names_.contains(name))
        return name;
    int& number = numbers_.try_emplace(name, 2).first->second;
    std::string free;
    do
        free = name + " (" + std::to_string(number++) + ")";
    while (names_.contains(free));
    return free;
}

void CsvTable::forgetColumnsFrom(std::size_t count)
{
    for (; columns_.size() > count; columns_.pop_back()) {
        byPath_.erase(columns_.back().text);
        names_.erase(columns_.back().name);
        nameBytes_ -= columns_.back().name.size();
        numbers_.clear(); // numbers that are free again come again
    }
}

bool CsvTable::flatten(std::uint32_t node, const Path& path, std::vector<Cell>& row)
{
    itemNames_ += path.text.size();
    if (itemNames_ > mostItemNames)
        return false;
    const rules::Payload::Node& value = payload_.node(node);
    std::string buffer;
    switch (value.kind) {
    case Kind::Null:
        put(path, {}, row);
        return true;
    case Kind::String:
        put(path, csvCell(payload_.string(node, buffer)), row);
        return true;
    case Kind::Object:
        if (value.count > 0) {
            // Each key once, of repeated ones the last; then in the order written.
            std::vector<std::uint32_t> keys;
            payload_.members(node, keys);
            std::sort(keys.begin(), keys.end());
            for (const std::uint32_t key : keys) {
                const std::string member(payload_.string(key, buffer));
                const std::string step = std::to_string(member.size()) + ":" + member;
                if (!flatten(key + 1, node == 0 ? Path{step, member} : Path{path.text + step, path.name + "." + member}, row))
                    return false;
            }
            return true;
        }
        break;
    default:
        break;
    }
    put(path, csvCell(payload_.text(node)), row);
    return true;
}

bool CsvTable::add(std::string_view item, const std::optional<std::string>& time, std::size_t mostBytes)
{
    const std::size_t columnsBefore = columns_.size();
    std::vector<Cell> row;
    if (time)
        put({"time", "time"}, *time, row);
    if (payload_.parse(item)) {
        const rules::Payload::Node& root = payload_.node(0);
        itemNames_ = 0;
        const Path whole{"value", "value"};
        if ((root.kind != Kind::Object || root.count > 0) && !flatten(0, whole, row)) {
            forgetColumnsFrom(std::max<std::size_t>(columnsBefore, time ? 1 : 0));
            row.resize(time ? 1 : 0);
            put(whole, csvCell(item), row);
        }
    }
    std::size_t bytes = 0;
    for (const Cell& cell : row)
        bytes += cell.second.size();
    // Every row has a separator per column, however few of them it fills.
    if (!rows_.empty() && nameBytes_ + cellBytes_ + bytes + (rows_.size() + 1) * columns_.size() > mostBytes) {
        forgetColumnsFrom(columnsBefore);
        return false;
    }
    cellBytes_ += bytes;
    rows_.push_back(std::move(row));
    return true;
}

std::string CsvTable::text() &&
{
    if (rows_.empty())
        return {};
    if (columns_.empty())
        columns_.push_back({}); // or items without a member would be lines that are empty, and not read
    std::string text;
    text.reserve(nameBytes_ + cellBytes_ + (rows_.size() + 1) * (columns_.size() + 2));
    for (std::size_t i = 0; i < columns_.size(); ++i)
        text += (i > 0 ? "," : "") + csvCell(columns_[i].name);
    text += "\r\n";
    std::vector<std::string_view> cells;
    for (const std::vector<Cell>& row : rows_) {
        cells.assign(columns_.size(), {});
        for (const Cell& cell : row)
            cells[cell.first] = cell.second;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0)
                text += ',';
            // A line with nothing on it would be no row.
            text += cells.size() == 1 && cells[i].empty() ? std::string_view("\"\"") : cells[i];
        }
        text += "\r\n";
    }
    return text;
}

} // namespace iotman::server
