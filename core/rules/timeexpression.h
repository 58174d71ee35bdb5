// Where a datapoint's time comes from.
#pragma once

#include "core/model/timestamp.h"
#include "core/rules/payload.h"
#include "core/rules/program.h"
#include "core/rules/variables.h"

#include <memory>
#include <string_view>

namespace iotman::rules {

/// An expression of the rule language that gives a datapoint's time: `$.ts`, `$.ms / 1000`. Immutable, cheap to copy,
/// shared between threads.
///
///     const auto time = TimeExpression::compile("$.ms / 1000");
///     Expected<Timestamp> ts = time->evaluate(payload, {});
class TimeExpression {
public:
    /// Errors: BadRequest with `field` “time” and `column`.
    static Expected<TimeExpression> compile(std::string_view text);

    /// A number is Unix seconds, a text ISO 8601 with a zone, a datetime with a zone is itself. Digits past the sixth are
    /// cut towards the past. Errors: BadRequest when it is none of these, or 1e11 seconds and beyond (milliseconds?).
    Expected<Timestamp> evaluate(const Payload& payload, const Variables& variables) const;

private:
    std::shared_ptr<const Program> program_;
};

} // namespace iotman::rules
