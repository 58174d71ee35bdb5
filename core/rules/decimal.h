// Exact decimal numbers with the scale rules of PostgreSQL 15's `numeric`.
#pragma once

#include "core/model/timestamp.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::rules {

__extension__ typedef __int128 Int128;

struct BigInteger; // powers.h: its library is dear to include

/// Why a calculation has no result.
enum class NumberFault {
    DivisionByZero,
    OutOfRange, ///< more than 131,072 digits before the point, or a literal with more than 16,383 behind it
};

/// An integer and a scale: `unscaled × 10^-scale`. The scale is the number of digits printed behind the point, as
/// PostgreSQL's display scale: `1.50` keeps both. Up to 38 digits nothing is allocated. Any thread.
class Decimal {
public:
    static constexpr int greatestScale = 16'383;
    static constexpr int greatestIntegerDigits = 131'072;

    Decimal() = default;
    Decimal(std::int64_t whole)
        : small_(whole)
    {
    } // NOLINT(google-explicit-constructor): an integer is a decimal

    /// A number as JSON spells it; also `5.` and `.5`, as a path may. An exponent is worked into the scale: `1e3` is 1000,
    /// `1.5e-3` is 0.0015. `text` must be such a number.
    static tl::expected<Decimal, NumberFault> parse(std::string_view text);
    /// Whether `parse` would take it, in time and memory that do not grow with the exponent.
    static bool fits(std::string_view text);
    /// Unix seconds, without trailing zeros.
    static Decimal fromTimestamp(Timestamp time);

    /// Appends the plain decimal text, never with an exponent: `-0.50`, `100000000000000000000`.
    void append(std::string& out) const;
    std::string text() const;

    int scale() const { return scale_; }
    /// -1, 0 or 1.
    int sign() const;

    /// Negative, zero or positive as `a` is less than, equal to or greater than `b`: 1.0 equals 1.
    static int compare(const Decimal& a, const Decimal& b);

    Decimal negated() const;
    Decimal absolute() const { return sign() < 0 ? negated() : *this; }
    /// The least whole number not below, the greatest not above. Scale 0.
    Decimal ceiling() const;
    Decimal floor() const;
    /// Cut towards zero; nothing when it does not fit 32 bits.
    std::optional<std::int32_t> toInt32() const;
    /// Unix seconds as a time, digits past the sixth cut towards the past. Errors: BadRequest for 1e11 and beyond, with the unit
    /// it may be in.
    Expected<Timestamp> toTimestamp() const;

    /// Scale of the result: the greater one; the sum of both for a product (at most 16,383); for a quotient enough
    /// digits for 16 significant ones and not fewer than either operand has (PostgreSQL's `select_div_scale`).
    /// Halves round away from zero. The remainder has the dividend's sign.
    static tl::expected<Decimal, NumberFault> add(const Decimal& a, const Decimal& b);
    static tl::expected<Decimal, NumberFault> subtract(const Decimal& a, const Decimal& b);
    static tl::expected<Decimal, NumberFault> multiply(const Decimal& a, const Decimal& b);
    static tl::expected<Decimal, NumberFault> divide(const Decimal& a, const Decimal& b);
    static tl::expected<Decimal, NumberFault> remainder(const Decimal& a, const Decimal& b);

    /// How much dearer than a small number this one is: its length in 64-bit words, digits behind the point included; 1 for
    /// usual ones.
    std::size_t words() const;
    /// The bytes that PostgreSQL needs for it inside `jsonb`: `keyvalue()` shows places in that layout.
    std::size_t jsonbSize() const;

private:
    Decimal(Int128 unscaled, int scale)
        : small_(unscaled)
        , scale_(scale)
    {
    }
    Decimal(BigInteger unscaled, int scale);

    static tl::expected<Decimal, NumberFault> checked(BigInteger unscaled, int scale);
    /// A number's significant digits, without zeros in front, and the scale they stand at (negative for `1e3`).
    struct Spelled {
        std::string digits;
        std::int64_t scale = 0;
    };
    static std::optional<Spelled> spelled(std::string_view text);
    static tl::expected<Decimal, NumberFault> parseLong(std::string_view text);
    bool isSmall() const { return !big_; }
    BigInteger big() const;
    /// The unscaled digits without sign.
    std::string digits() const;
    struct Leading {
        int weight = 0; ///< of the first digit to base 10,000
        int digit = 0;  ///< that digit, 1…9999; 0 for zero
    };
    Leading leading() const;

    Int128 small_ = 0; ///< below 2^126 either side, unless `big_` is set
    int scale_ = 0;
    std::shared_ptr<const BigInteger> big_;
};

} // namespace iotman::rules
