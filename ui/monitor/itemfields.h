// The fields of an endpoint's items: which there are, and their values item by item.
#pragma once

#include "core/model/error.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace iotman {

/// What a field holds. Over several items a field is the greatest of what it held: a number that is sometimes null is a number.
enum class FieldType {
    Empty,   ///< nothing but null so far
    Text,    ///< strings: states
    Boolean, ///< plotted as 0 and 1
    Number,
};

/// A field in one item.
struct FieldValue {
    FieldType type = FieldType::Empty; ///< of this value
    double number = 0;     ///< of a number or boolean; NaN for everything else, also for a number that no double holds
    std::string_view text; ///< a number as it was written, digit for digit; a string without quotes and escapes

    /// A number too large for any chart (`1e400`).
    bool isUnusable() const { return type == FieldType::Number && number != number; }
};

/// Reads items one after the other and knows every field seen so far. A field is a path to a scalar: `celsius`, `air.hpa`,
/// `spots[0]`; an item that is a scalar itself is the field `value`. Names with other characters than letters, digits, `_`, `-`
/// and non-ASCII ones are quoted in the path. Of equal names in an object the last one counts, as everywhere here.
class ItemFields {
public:
    static constexpr std::size_t mostFields = 256;
    static constexpr std::size_t mostElements = 16; ///< of one array
    static constexpr int deepest = 8;               ///< levels of nesting

    ItemFields();
    ~ItemFields();
    ItemFields(ItemFields&&) noexcept;
    ItemFields& operator=(ItemFields&&) noexcept;

    /// Reads `item`, JSON text. Errors: BadRequest when it is not JSON; then it has no values.
    Expected<void> read(std::string_view item);

    /// Fields so far. Their numbers are given in the order they were first seen and never change.
    std::size_t size() const;
    const std::string& path(std::size_t field) const;
    FieldType type(std::size_t field) const;
    /// In the item read last; null when it lacks the field. The texts last until the next read.
    const FieldValue* value(std::size_t field) const;
    /// Whether some value of an item was beyond the limits above and is no field.
    bool hasLeftOut() const;

private:
    class Reader;
    std::unique_ptr<Reader> reader_;
};

/// The last name of a path: `hpa` of `air.hpa`, `spots` of `spots[0]`.
std::string_view lastName(std::string_view path);

} // namespace iotman
