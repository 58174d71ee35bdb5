// Evaluates a rule into the text of an item.
#pragma once

#include "core/rules/evaluator.h"

#include <string>

namespace iotman::rules {

/// Appends one item of a path as JSON: what comes from the payload as it is spelled there, a calculated number as
/// PostgreSQL prints it.
void appendJson(std::string& out, const Value& value);

/// Writes constructors and what stands in them.
///
/// In lax mode a path that yields nothing is `null`, one that yields several values is an array of them; in strict mode
/// both are errors. An array constructor with one path in it, `[$.r[*].t]`, is the list of that path's values, however
/// many; with several elements each takes exactly one place.
class ItemWriter {
public:
    ItemWriter(const Program& program, Evaluator& evaluator, std::string& out, std::size_t limit)
        : program_(program)
        , evaluator_(evaluator)
        , out_(out)
        , limit_(out.size() + limit)
    {
    }

    /// False when it failed; `out` may then hold a part.
    bool write(StepIndex step);
    /// A sentence, with its column where there is one.
    const std::string& error() const { return error_.empty() ? evaluator_.error() : error_; }
    int column() const { return error_.empty() ? evaluator_.errorColumn() : column_; }

private:
    bool object(const Step& step);
    bool array(const Step& step);
    bool list(StepIndex path, const Values& found);
    bool one(StepIndex path);
    bool isConstructor(StepIndex step) const
    {
        return program_.step(step).op == Op::Object || program_.step(step).op == Op::Array;
    }
    bool append(StepIndex path, const Value& value);
    bool withinLimit();
    bool refuse(const Step& step, std::string_view sentence);

    const Program& program_;
    Evaluator& evaluator_;
    std::string& out_;
    std::size_t limit_;
    int depth_ = 0; ///< arrays and objects around the place
    std::string error_;
    int column_ = 0;
};

} // namespace iotman::rules
