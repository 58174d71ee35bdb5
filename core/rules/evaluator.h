// Runs a compiled program over one payload.
#pragma once

#include "core/rules/program.h"
#include "core/rules/value.h"
#include "core/rules/variables.h"

#include <forward_list>
#include <string>

namespace iotman::rules {

/// What one run may cost. A run that costs more fails; no rule and no payload can hold a server up.
inline constexpr std::int64_t greatestSteps = 4'000'000;
/// Of one that uses `$id`: it runs where everything that is stored waits for it.
inline constexpr std::int64_t greatestStepsWithId = 1'000'000;
inline std::int64_t mostSteps(const Program& program)
{
    return program.usesId ? greatestStepsWithId : greatestSteps;
}
inline constexpr int greatestEvaluationDepth = 1200;

/// The semantics are those of PostgreSQL 15, src/backend/utils/adt/jsonpath_exec.c. Lives for one run, on one thread.
class Evaluator {
public:
    /// `named` is an object with values of variables, for programs compiled with `Names::Any`; usually none.
    Evaluator(const Program& program, const Payload& payload, const Variables& variables, const Payload* named = nullptr);

    /// The items that `step` yields from the payload's root. False when it failed: `error()` says why.
    bool items(StepIndex step, Values& found);

    enum class Single : std::uint8_t {
        One,    ///< the step has one item
        Listed, ///< how many it has only `items` can tell
        Failed,
    };
    /// The usual case without a list: a literal, keys behind `$` that are all there, arithmetic. `into` must be a fresh
    /// Value; it is only meant when the answer is One.
    Single single(StepIndex step, Value& into);

    /// Taken so far, of those that the program may take.
    std::int64_t steps() const { return mostSteps(program_) - budget_; }
    const std::string& error() const { return error_; }
    /// The column of the step that failed, 0 when a limit was hit.
    int errorColumn() const { return errorColumn_; }
    /// The number of the failure in PostgreSQL's terms, five characters; for tests.
    std::string_view sqlState() const { return sqlState_; }

private:
    enum class Outcome : std::uint8_t { Found, Nothing, Failed };
    enum class Truth : std::uint8_t { False, True, Unknown };
    /// One level deeper while it lives. Too deep ends the run.
    class Deeper {
    public:
        explicit Deeper(Evaluator& evaluator)
            : evaluator_(evaluator)
        {
            ++evaluator_.depth_;
        }
        ~Deeper() { --evaluator_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        bool isTooDeep() const { return evaluator_.depth_ > greatestEvaluationDepth && evaluator_.tooDeep(); }

    private:
        Evaluator& evaluator_;
    };
    bool tooDeep();

    // Steps. `found` collects items; without it the question is only whether there are some.
    Outcome run(StepIndex step, const Value& item, Values* found) { return run(step, item, found, lax_); }
    Outcome run(StepIndex step, const Value& item, Values* found, bool unwrap);
    Outcome next(const Step& step, const Value& item, Values* found);
    Outcome unwrapped(StepIndex step, const Value& array, Values* found, bool unwrapElements);
    Outcome descend(StepIndex step, const Value& container, Values* found, std::uint32_t level, const Step& range,
                    bool unwrapNext);
    /// Calls `visit` with each element, or each member's value in jsonb's order, until it returns false.
    template <class Visit>
    void forEachChild(const Value& container, Visit visit);

    Outcome anyKey(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap);
    Outcome anyElement(const Step& step, const Value& item, Values* found);
    Outcome subscripts(const Step& step, const Value& item, Values* found);
    Outcome subscript(const Step& step, const Value& item, std::uint32_t size, const Subscript& subscript, Values* found);
    bool arrayIndex(const Step& step, StepIndex expression, const Value& array, std::int32_t& index);
    Outcome descendants(const Step& step, const Value& item, Values* found);
    Outcome literal(const Step& step, Values* found);

    Outcome typeName(const Step& step, const Value& item, Values* found);
    Outcome arraySize(const Step& step, const Value& item, Values* found);
    Outcome toDouble(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap);
    Outcome numeric(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap);
    Outcome datetime(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap);
    Outcome keyValue(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap);

    Single single(StepIndex step, const Value& item, Value& into);
    /// A binary operator applied to one number on either side.
    Outcome calculate(const Step& step, const Value& item, Decimal& result);
    /// One side of it. Nothing: it is no single number, which `wrong` describes.
    Outcome numberOf(StepIndex step, const Value& item, Decimal& number, std::string& wrong);
    Outcome unary(const Step& step, const Value& item, Values* found);
    /// All items of an operand, arrays opened in lax mode.
    Outcome operand(StepIndex step, const Value& item, Values& found);

    // Predicates. They do not fail: a failure inside makes them unknown.
    Truth truth(StepIndex step, const Value& item);
    Truth exists(const Step& step, const Value& item);
    Truth predicate(const Step& step, const Value& item);
    Truth decide(const Step& step, const Value& left, const Value* right);
    Truth compareValues(Op op, const Value& left, const Value& right);
    Outcome quietly(StepIndex step, const Value& item, bool unwrap, Values* found);
    Single quietly(StepIndex step, const Value& item, Value& into);

    Outcome failure(const Step& step, std::string_view sqlState, std::string_view sentence);
    Outcome abort(std::string_view sqlState, std::string sentence);
    bool spend(std::int64_t steps)
    {
        budget_ -= steps;
        return (budget_ >= 0 && !aborted_) || overspent();
    }
    bool overspent();
    /// The value of a Number; a long one costs what reading its digits does.
    Decimal readNumber(const Value& number);
    /// What writing a number's digits costs; nothing for usual ones.
    static std::int64_t costOfDigits(const Decimal& number);
    /// Adds to a list: memory costs too.
    void keep(Values& found, const Value& item);
    /// Keyvalue's ids: which object, and where in it as jsonb lays it out.
    std::int64_t objectId(const Value& object);

    /// Where ids of `keyvalue()` count from: the root, or an object made by `keyvalue()` or a variable.
    struct Base {
        const Payload* payload = nullptr;
        std::uint32_t node = 0;
        const Pair* pair = nullptr;
        std::int64_t serial = 0;
    };

    const Program& program_;
    const Variables& variables_;
    const Payload* named_;
    Value root_;
    Value current_;
    Base base_;
    std::int64_t serials_ = 1;
    std::int64_t budget_ = mostSteps(program_);
    std::int32_t arraySize_ = -1;
    int depth_ = 0;
    bool lax_;
    bool ignoreStructure_; ///< what is not there is no failure
    bool quiet_ = false;   ///< failures need no sentence
    bool aborted_ = false;
    std::string error_;
    int errorColumn_ = 0;
    std::string_view sqlState_;
    std::forward_list<Datetime> datetimes_;
    std::forward_list<Pair> pairs_;
};

} // namespace iotman::rules
