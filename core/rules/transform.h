// An output: filter and rule, compiled once, run on every datapoint.
#pragma once

#include "core/model/error.h"
#include "core/rules/payload.h"
#include "core/rules/program.h"
#include "core/rules/variables.h"

#include <memory>
#include <string>
#include <string_view>

namespace iotman::rules {

/// An item may be this long, in bytes.
inline constexpr std::size_t greatestItemSize = 1024 * 1024;

/// A filter and a rule. Immutable, cheap to copy, shared between threads.
///
///     const auto celsius = Transform::compile("$.temp_f > 32", "{ t: ($.temp_f - 32) / 1.8, at: $ts }");
///     if (payload.parse(json) && celsius->run(payload, {ts, "th-1", 7}, item, error) == Transform::Outcome::Item) …
class Transform {
public:
    /// An empty or blank filter passes everything; one that can never be true, such as `1`, is refused. Errors: BadRequest with
    /// `field` “filter” or “rule” and, where it is about a place, `column`.
    static Expected<Transform> compile(std::string_view filter, std::string_view rule);

    /// Whether `$id` is used: such items cannot be made before the sequence is known.
    bool usesId() const;
    /// The rule is `$`: the item is the payload.
    bool isPassthrough() const;

    enum class Outcome {
        Item,     ///< `out` got the item
        Filtered, ///< the filter is not true
        Failed,   ///< `error` says why
    };

    /// Appends the item's JSON text to `out` on Item; otherwise `out` stays as it was. On Failed `error` is a BadRequest
    /// that names the step by its column, and its `field` is “filter” or “rule”. `payload` must hold a value.
    /// `steps` gets what it took added, out of `greatestSteps` for filter and rule each.
    Outcome run(const Payload& payload, const Variables& variables, std::string& out, Error& error, std::int64_t& steps) const;
    Outcome run(const Payload& payload, const Variables& variables, std::string& out, Error& error) const
    {
        std::int64_t steps = 0;
        return run(payload, variables, out, error, steps);
    }

private:
    Outcome filter(const Payload& payload, const Variables& variables, Error& error, std::int64_t& steps) const;

    std::shared_ptr<const Program> filter_; ///< none: everything passes
    std::shared_ptr<const Program> rule_;
};

} // namespace iotman::rules
