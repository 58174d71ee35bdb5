#include "core/rules/decimal.h"
#include "core/rules/powers.h"

#include <algorithm>

namespace iotman::rules {

namespace {

using Result = tl::expected<Decimal, NumberFault>;

// PostgreSQL 15, src/include/utils/numeric.h and numeric.c: how a quotient's scale is bounded.
constexpr int leastSignificantDigits = 16;
constexpr int greatestQuotientScale = 1000;
constexpr int digitsPerWeight = 4;

/// `dividend / divisor`, halves away from zero.
template <class Integer>
Integer roundedQuotient(const Integer& dividend, const Integer& divisor)
{
    const Integer quotient = dividend / divisor;
    const Integer rest = dividend - quotient * divisor;
    const Integer twice = rest < 0 ? Integer(-rest) : rest;
    const Integer size = divisor < 0 ? Integer(-divisor) : divisor;
    if (twice < size - twice)
        return quotient;
    return (dividend < 0) == (divisor < 0) ? Integer(quotient + 1) : Integer(quotient - 1);
}

} // namespace

Decimal Decimal::negated() const
{
    if (isSmall())
        return {Int128(-small_), scale_};
    return {Big(-big_->value), scale_};
}

Decimal Decimal::floor() const
{
    if (scale_ == 0)
        return *this;
    if (isSmall()) {
        const Int128 unit =
            scale_ < static_cast<int>(powersOfTen.size()) ? powersOfTen[static_cast<std::size_t>(scale_)] : smallLimit;
        const Int128 quotient = small_ / unit;
        return {small_ < 0 && quotient * unit != small_ ? Int128(quotient - 1) : quotient, 0};
    }
    const Big unit = bigPowerOfTen(scale_);
    Big quotient = big_->value / unit;
    if (big_->value < 0 && quotient * unit != big_->value)
        --quotient;
    return {std::move(quotient), 0};
}

Decimal Decimal::ceiling() const
{
    return negated().floor().negated();
}

Result Decimal::add(const Decimal& a, const Decimal& b)
{
    const int scale = std::max(a.scale_, b.scale_);
    if (a.isSmall() && b.isSmall()) {
        Int128 x = a.small_;
        Int128 y = b.small_;
        if (scaleUp(x, scale - a.scale_) && scaleUp(y, scale - b.scale_)) {
            const Int128 sum = x + y;
            if (magnitude(sum) < static_cast<UInt128>(smallLimit))
                return Decimal(sum, scale);
        }
    }
    return checked(a.big().value * bigPowerOfTen(scale - a.scale_) + b.big().value * bigPowerOfTen(scale - b.scale_), scale);
}

Result Decimal::subtract(const Decimal& a, const Decimal& b)
{
    return add(a, b.negated());
}

Result Decimal::multiply(const Decimal& a, const Decimal& b)
{
    const int scale = a.scale_ + b.scale_;
    if (a.isSmall() && b.isSmall() && isShort(a.small_) && isShort(b.small_) && scale <= greatestScale) {
        const Int128 product = a.small_ * b.small_;
        if (magnitude(product) < static_cast<UInt128>(smallLimit))
            return Decimal(product, scale);
    }
    Big product = a.big().value * b.big().value;
    if (scale <= greatestScale)
        return checked(std::move(product), scale);
    return checked(roundedQuotient(product, bigPowerOfTen(scale - greatestScale)), greatestScale);
}

Result Decimal::divide(const Decimal& a, const Decimal& b)
{
    if (b.sign() == 0)
        return tl::unexpected(NumberFault::DivisionByZero);
    const Leading first = a.leading();
    const Leading second = b.leading();
    const int weight = first.weight - second.weight - (first.digit <= second.digit ? 1 : 0);
    const int scale =
        std::min(std::max({leastSignificantDigits - weight * digitsPerWeight, a.scale_, b.scale_, 0}), greatestQuotientScale);

    const int shift = scale + b.scale_ - a.scale_;
    if (a.isSmall() && b.isSmall() && shift >= 0) {
        Int128 dividend = a.small_;
        if (scaleUp(dividend, shift))
            return Decimal(roundedQuotient(dividend, b.small_), scale);
    }
    const Big dividend = shift >= 0 ? a.big().value * bigPowerOfTen(shift) : a.big().value;
    return checked(roundedQuotient<Big>(dividend, shift >= 0 ? b.big().value : b.big().value * bigPowerOfTen(-shift)), scale);
}

Result Decimal::remainder(const Decimal& a, const Decimal& b)
{
    if (b.sign() == 0)
        return tl::unexpected(NumberFault::DivisionByZero);
    const int scale = std::max(a.scale_, b.scale_);
    if (a.isSmall() && b.isSmall()) {
        Int128 x = a.small_;
        Int128 y = b.small_;
        if (scaleUp(x, scale - a.scale_) && scaleUp(y, scale - b.scale_))
            return Decimal(Int128(x % y), scale);
    }
    return checked((a.big().value * bigPowerOfTen(scale - a.scale_)) % (b.big().value * bigPowerOfTen(scale - b.scale_)), scale);
}

} // namespace iotman::rules
