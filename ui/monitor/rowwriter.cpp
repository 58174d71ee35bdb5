#include "ui/monitor/rowwriter.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace iotman {

namespace {

std::string numberText(double value)
{
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
    return {text, end};
}

/// RFC 4180 §2.6, 2.7.
std::string csvCell(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// RFC 8259 §7.
std::string jsonText(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
            quoted += escape;
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

/// `2026-11-25T13:18:20.5-08:00`.
std::string localIso(Timestamp time, const OffsetAt& offsets)
{
    const int offset = offsets(time);
    std::string text = Timestamp{time.us + std::int64_t{offset} * 1'000'000}.iso();
    if (offset == 0)
        return text;
    if (!text.empty() && text.back() == 'Z')
        text.pop_back();
    const int minutes = std::abs(offset) / 60;
    char suffix[16];
    std::snprintf(suffix, sizeof suffix, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text + suffix;
}

} // namespace

RowWriter::RowWriter(Format format, const SeriesSet& set, std::vector<SeriesId> series, std::string zone, OffsetAt offsets)
    : format_(format)
    , set_(set)
    , series_(std::move(series))
    , zone_(std::move(zone))
    , offsets_(std::move(offsets))
{
    std::erase_if(series_, [&](SeriesId id) { return !set_.contains(id); });
}

std::string RowWriter::head() const
{
    if (format_ == Format::Ndjson)
        return {};
    std::string row = csvCell("time (" + zone_ + ")") + ",time (Unix s)";
    for (const SeriesId id : series_) {
        const SeriesInfo& info = set_.info(id);
        row += ',' + csvCell(info.unit.empty() ? info.name : info.name + " (" + info.unit + ")");
    }
    return row + "\r\n";
}

std::string RowWriter::valueText(const Cell& cell) const
{
    const SeriesInfo& info = set_.info(series_[cell.series]);
    if (info.kind == SeriesKind::Boolean && (cell.value == 0 || cell.value == 1))
        return cell.value == 0 ? "false" : "true";
    if (info.kind != SeriesKind::State)
        return cell.written.empty() ? numberText(cell.value) : std::string(cell.written);
    const auto code = static_cast<std::size_t>(cell.value);
    const std::string text = code < info.states.size() ? info.states[code] : std::string();
    return format_ == Format::Csv ? csvCell(text) : jsonText(text);
}

void RowWriter::writeRow(std::string& out, Timestamp time, const std::vector<const Cell*>& cells) const
{
    const std::string iso = localIso(time, offsets_);
    if (format_ == Format::Csv) {
        out += iso + ',' + time.seconds();
        for (std::size_t i = 0; i < cells.size(); ++i)
            out += ',' + (cells[i] ? valueText(*cells[i]) : std::string());
        out += "\r\n";
        return;
    }
    out += "{\"time\":" + jsonText(iso) + ",\"unix\":" + time.seconds();
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (cells[i])
            out += ',' + jsonText(set_.info(series_[i]).name) + ':' + valueText(*cells[i]);
    out += "}\n";
}

std::string RowWriter::rows(TimeRange range) const
{
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < series_.size(); ++i) {
        std::size_t nth = 0;
        for (const Sample& sample : set_.series(series_[i]).samples(range)) {
            nth = !cells.empty() && cells.back().series == i && cells.back().time == sample.time ? nth + 1 : 0;
            cells.push_back({sample.time, i, nth, sample.value, sample.written});
        }
    }
    std::stable_sort(cells.begin(), cells.end(),
                     [](const Cell& a, const Cell& b) { return a.time != b.time ? a.time < b.time : a.nth < b.nth; });
    std::string out;
    std::vector<const Cell*> row(series_.size(), nullptr);
    for (std::size_t i = 0; i < cells.size();) {
        std::fill(row.begin(), row.end(), nullptr);
        const Cell& first = cells[i];
        for (; i < cells.size() && cells[i].time == first.time && cells[i].nth == first.nth; ++i)
            row[cells[i].series] = &cells[i];
        writeRow(out, first.time, row);
    }
    return out;
}

} // namespace iotman
