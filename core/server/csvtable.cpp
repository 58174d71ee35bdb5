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

} // namespace

void CsvTable::put(const Path& path, std::string cell, std::vector<Cell>& row)
{
    const auto [column, isNew] = byPath_.try_emplace(path.text, static_cast<std::uint32_t>(columns_.size()));
    if (isNew) {
        columns_.push_back({path.text, freeName(path.name)});
        names_.insert(columns_.back().name);
    }
    row.emplace_back(column->second, std::move(cell));
}

std::string CsvTable::freeName(const std::string& name) const
{
    std::string free = name;
    for (int number = 2; names_.contains(free); ++number)
        free = name + " (" + std::to_string(number) + ")";
    return free;
}

void CsvTable::forgetColumnsFrom(std::size_t count)
{
    for (; columns_.size() > count; columns_.pop_back()) {
        byPath_.erase(columns_.back().text);
        names_.erase(columns_.back().name);
    }
}

void CsvTable::flatten(std::uint32_t node, const Path& path, std::vector<Cell>& row)
{
    const rules::Payload::Node& value = payload_.node(node);
    std::string buffer;
    switch (value.kind) {
    case Kind::Null:
        put(path, {}, row);
        return;
    case Kind::String:
        put(path, csvCell(payload_.string(node, buffer)), row);
        return;
    case Kind::Object:
        if (value.count > 0) {
            // Each key once, of repeated ones the last; then in the order written.
            std::vector<std::uint32_t> keys;
            payload_.members(node, keys);
            std::sort(keys.begin(), keys.end());
            for (const std::uint32_t key : keys) {
                const std::string member(payload_.string(key, buffer));
                const std::string step = std::to_string(member.size()) + ":" + member;
                flatten(key + 1, node == 0 ? Path{step, member} : Path{path.text + step, path.name + "." + member}, row);
            }
            return;
        }
        break;
    default:
        break;
    }
    put(path, csvCell(payload_.text(node)), row);
}

bool CsvTable::add(std::string_view item, const std::optional<std::string>& time, std::size_t mostBytes)
{
    const std::size_t columnsBefore = columns_.size();
    std::vector<Cell> row;
    if (time)
        put({"time", "time"}, *time, row);
    if (payload_.parse(item)) {
        const rules::Payload::Node& root = payload_.node(0);
        if (root.kind != Kind::Object || root.count > 0)
            flatten(0, {"value", "value"}, row);
    }
    std::size_t bytes = 0;
    for (const Cell& cell : row)
        bytes += cell.second.size();
    // Every row has a separator per column, however few of them it fills.
    if (!rows_.empty() && cellBytes_ + bytes + (rows_.size() + 1) * columns_.size() > mostBytes) {
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
    std::string text;
    text.reserve(cellBytes_ + (rows_.size() + 1) * (columns_.size() + 2));
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
