// Items as a table (RFC 4180): a column per key, nested ones dotted, in the order in which they first appear.
#pragma once

#include "core/rules/payload.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace iotman::server {

/// Numbers keep their digits, texts stand for themselves, null and absent members are empty cells, an empty text is `""`, arrays
/// and empty objects are their JSON. An item that is no object stands in the column `value`. Nested keys are joined by dots;
/// where a key that has a dot itself is called the same, the later column is called `NAME (2)`. An item that would need very many or very
/// long columns stands in the column `value` as its JSON.
class CsvTable {
public:
    /// Adds a row; `time` stands in a first column `time` of its own. False when the text would grow beyond `mostBytes`: nothing
    /// was added then. The first row always fits.
    bool add(std::string_view item, const std::optional<std::string>& time, std::size_t mostBytes);

    /// Header and rows, each ended by CR LF; nothing where there is no row.
    std::string text() &&;

private:
    using Cell = std::pair<std::uint32_t, std::string>; ///< column, text as it stands in the file

    /// A value's way from the root: `text` tells it from every other way, `name` is what its column is called.
    struct Path {
        std::string text;
        std::string name;
    };

    /// False where names become too long; what was added until then is to be forgotten.
    bool flatten(std::uint32_t node, const Path& path, std::vector<Cell>& row);
    void put(const Path& path, std::string cell, std::vector<Cell>& row);
    std::string freeName(const std::string& name);
    void forgetColumnsFrom(std::size_t count);

    rules::Payload payload_;
    std::vector<Path> columns_;
    std::unordered_map<std::string, std::uint32_t> byPath_;
    std::unordered_set<std::string> names_;
    std::unordered_map<std::string, int> numbers_; ///< the next one to try for a name that is taken
    std::size_t nameBytes_ = 0;                    ///< of all columns
    std::size_t itemNames_ = 0;                    ///< bytes of the ways of the item that is added
    std::vector<std::vector<Cell>> rows_;
    std::size_t cellBytes_ = 0;
};

} // namespace iotman::server
