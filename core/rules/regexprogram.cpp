#include "core/rules/regexprogram.h"

#include "core/rules/jsontext.h"

namespace iotman::rules {

namespace {

/// The instructions that a match can reach before it takes a character. `visit` tells by which offsets to go on.
template <class Visit>
void walkBeginning(const std::vector<RegexInstruction>& code, Visit visit)
{
    std::vector<bool> seen(code.size());
    std::vector<std::size_t> open{0};
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        if (seen[at])
            continue;
        seen[at] = true;
        const auto go = [&](std::int32_t offset) {
            open.push_back(static_cast<std::size_t>(static_cast<std::int64_t>(at) + offset));
        };
        const RegexInstruction& one = code[at];
        if (one.op == RegexOp::Split) {
            go(one.first);
            go(one.second);
        } else if (one.op == RegexOp::Jump) {
            go(one.first);
        } else if (one.op == RegexOp::Ahead || one.op == RegexOp::Behind) {
            if (visit(one))
                go(one.first + 1);
        } else if (visit(one)) {
            go(1);
        }
    }
}

bool marksOnly(RegexOp op)
{
    return op == RegexOp::Mark || op == RegexOp::Moved || op == RegexOp::Open || op == RegexOp::Close;
}

} // namespace

void RegexProgram::analyse()
{
    fromTextBegin = true;
    walkBeginning(code, [&](const RegexInstruction& one) {
        fromTextBegin = fromTextBegin && (marksOnly(one.op) || one.op == RegexOp::TextBegin);
        return marksOnly(one.op);
    });
    walkBeginning(code, [&](const RegexInstruction& one) {
        switch (one.op) {
        case RegexOp::Character: {
            std::string utf8;
            appendUtf8(utf8, one.value);
            firstBytes.set(static_cast<unsigned char>(utf8[0]));
            return false;
        }
        case RegexOp::Set:
            for (unsigned byte = 0; byte < 256; ++byte)
                if (byte >= 128 || sets[one.value].contains(byte))
                    firstBytes.set(byte);
            return false;
        case RegexOp::Any:
        case RegexOp::AnyButBreak:
        case RegexOp::Reference:
        case RegexOp::Match:
            firstBytes.set();
            return false;
        default:
            return true;
        }
    });
}

} // namespace iotman::rules
