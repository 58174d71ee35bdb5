#include "core/rules/regexmatcher.h"

#include "core/rules/jsontext.h"

namespace iotman::rules {

namespace {

constexpr std::size_t nowhere = SIZE_MAX;

/// Ways kept to be tried later: memory is bounded too.
constexpr std::size_t mostChoices = 500'000;

std::size_t moved(std::size_t state, std::int32_t offset)
{
    return static_cast<std::size_t>(static_cast<std::int64_t>(state) + offset);
}

} // namespace

char32_t RegexText::take(std::size_t& place) const
{
    std::string_view rest = text_.substr(place);
    const char32_t character = takeCodePoint(rest);
    place = text_.size() - rest.size();
    return character;
}

bool RegexText::isWordBefore(std::size_t place) const
{
    if (place == 0)
        return false;
    do
        --place;
    while ((byte(place) & 0xC0) == 0x80);
    return isWordCharacter(take(place));
}

bool RegexText::isWordAfter(std::size_t place) const
{
    return place < size() && isWordCharacter(take(place));
}

bool RegexText::holds(RegexOp constraint, std::size_t place) const
{
    switch (constraint) {
    case RegexOp::TextBegin:
        return place == 0;
    case RegexOp::TextEnd:
        return place == size();
    case RegexOp::LineBegin:
        return place == 0 || text_[place - 1] == '\n';
    case RegexOp::LineEnd:
        return place == size() || text_[place] == '\n';
    case RegexOp::WordBegin:
        return !isWordBefore(place) && isWordAfter(place);
    case RegexOp::WordEnd:
        return isWordBefore(place) && !isWordAfter(place);
    case RegexOp::WordEdge:
        return isWordBefore(place) != isWordAfter(place);
    default:
        return isWordBefore(place) == isWordAfter(place);
    }
}

bool takes(const RegexProgram& program, const RegexInstruction& instruction, char32_t character)
{
    switch (instruction.op) {
    case RegexOp::Character:
        return instruction.value == character;
    case RegexOp::Set:
        return program.sets[instruction.value].contains(character);
    case RegexOp::Any:
        return true;
    default:
        return character != '\n';
    }
}

/// States in the order they came, each once. Small programs need no memory of their own.
class StateSets::Set {
public:
    Set(const Set&) = delete;
    Set& operator=(const Set&) = delete;
    explicit Set(std::size_t states)
    {
        if (states > few) {
            heap_ = std::make_unique<std::uint32_t[]>(2 * states);
            states_ = heap_.get();
            places_ = states_ + states;
        }
    }
    void clear() { size_ = 0; }
    std::size_t size() const { return size_; }
    std::uint32_t operator[](std::size_t i) const { return states_[i]; }
    /// False when it is there already.
    bool insert(std::size_t state)
    {
        const std::uint32_t place = places_[state];
        if (place < size_ && states_[place] == state)
            return false;
        places_[state] = static_cast<std::uint32_t>(size_);
        states_[size_++] = static_cast<std::uint32_t>(state);
        return true;
    }

private:
    static constexpr std::size_t few = 96;
    std::array<std::uint32_t, 2 * few> here_{};
    std::unique_ptr<std::uint32_t[]> heap_;
    std::uint32_t* states_ = here_.data();
    std::uint32_t* places_ = here_.data() + few;
    std::size_t size_ = 0;
};

bool StateSets::run(std::size_t entry, std::size_t from, std::size_t to, bool anchored, bool toEnd)
{
    Set one(program_.code.size());
    Set other(program_.code.size());
    Set* now = &one;
    Set* next = &other;
    std::size_t place = from;
    while (budget_ > 0) {
        --budget_;
        // A try begins here, unless what follows rules it out.
        const bool first = entry != 0 || place >= to || program_.firstBytes[text_.byte(place)];
        if ((place == from || !anchored) && first && add(*now, entry, place) && (!toEnd || place == to))
            return true;
        if (place >= to || (anchored && now->size() == 0))
            return false;
        const char32_t character = text_.take(place);
        next->clear();
        bool matched = false;
        budget_ -= static_cast<std::int64_t>(now->size());
        for (std::size_t i = 0; i < now->size(); ++i) {
            const std::size_t state = (*now)[i];
            const RegexInstruction& instruction = program_.code[state];
            if (instruction.op <= RegexOp::AnyButBreak && takes(program_, instruction, character))
                matched = add(*next, state + 1, place) || matched;
        }
        if (matched && (!toEnd || place == to))
            return true;
        std::swap(now, next);
    }
    return false;
}

bool StateSets::add(Set& set, std::size_t state, std::size_t place)
{
    // Depth is bounded by nesting: what follows in line is a loop.
    bool matched = false;
    while (set.insert(state)) {
        const RegexInstruction& instruction = program_.code[state];
        switch (instruction.op) {
        case RegexOp::Split:
            matched = add(set, moved(state, instruction.first), place) || matched;
            state = moved(state, instruction.second);
            continue;
        case RegexOp::Jump:
            state = moved(state, instruction.first);
            continue;
        case RegexOp::Mark:
        case RegexOp::Moved:
        case RegexOp::Open:
        case RegexOp::Close:
        case RegexOp::Matched: // only where there are references, which no set of states follows
            ++state;
            continue;
        case RegexOp::Character:
        case RegexOp::Set:
        case RegexOp::Any:
        case RegexOp::AnyButBreak:
        case RegexOp::Reference:
            return matched;
        case RegexOp::Match:
            return true;
        case RegexOp::Ahead:
        case RegexOp::Behind:
            if (!looks(instruction, state, place))
                return matched;
            state = moved(state, instruction.first + 1);
            continue;
        default:
            if (!text_.holds(instruction.op, place))
                return matched;
            ++state;
        }
    }
    return matched;
}

bool StateSets::looks(const RegexInstruction& instruction, std::size_t state, std::size_t place)
{
    const bool found =
        instruction.op == RegexOp::Ahead ? run(state + 1, place, text_.size(), true, false) : run(state + 1, 0, place, false, true);
    return found != (instruction.value == 1);
}

Backtracker::Backtracker(const RegexProgram& program, std::string_view text, std::int64_t& budget)
    : program_(program)
    , whole_(text)
    , text_(text)
    , budget_(budget)
    , slots_(2 * (program.groups + 1) + program.slots, nowhere)
{
}

bool Backtracker::matches()
{
    for (std::size_t start = 0; start <= text_.size() && budget_ > 0;) {
        if ((start == text_.size() || program_.firstBytes[text_.byte(start)]) && from(start))
            return true;
        if (start == text_.size() || program_.fromTextBegin)
            return false;
        text_.take(start);
    }
    return false;
}

bool Backtracker::from(std::size_t start)
{
    std::fill(slots_.begin(), slots_.end(), nowhere);
    choices_.assign(1, Choice{0, start, -1});
    matched_ = false;
    while (!choices_.empty()) {
        if (choices_.size() > mostChoices)
            budget_ = 0;
        if (budget_ <= 0)
            return false;
        Choice choice = choices_.back();
        choices_.pop_back();
        if (choice.slot >= 0) {
            slots_[static_cast<std::size_t>(choice.slot)] = choice.place;
            continue;
        }
        while (step(choice.state, choice.place))
            if (--budget_ <= 0)
                return false;
        if (matched_)
            return true;
    }
    return false;
}

void Backtracker::set(std::size_t slot, std::size_t value)
{
    choices_.push_back({0, slots_[slot], static_cast<std::ptrdiff_t>(slot)});
    slots_[slot] = value;
}

/// One instruction; false when this way ends, `matched_` when it ended well.
bool Backtracker::step(std::size_t& state, std::size_t& place)
{
    const RegexInstruction& instruction = program_.code[state];
    const std::size_t mark = 2 * (program_.groups + 1) + instruction.value;
    switch (instruction.op) {
    case RegexOp::Split:
        choices_.push_back({moved(state, instruction.second), place, -1});
        state = moved(state, instruction.first);
        return true;
    case RegexOp::Jump:
        state = moved(state, instruction.first);
        return true;
    case RegexOp::Mark:
        set(mark, place);
        ++state;
        return true;
    case RegexOp::Moved:
        ++state;
        return slots_[mark] != place;
    case RegexOp::Open:
    case RegexOp::Close:
        set(2 * instruction.value + (instruction.op == RegexOp::Close ? 1 : 0), place);
        ++state;
        return true;
    case RegexOp::Reference:
        ++state;
        return repeats(instruction.value, place);
    case RegexOp::Matched:
        ++state;
        return slots_[2 * instruction.value + 1] != nowhere;
    case RegexOp::Match:
        matched_ = true;
        return false;
    case RegexOp::Ahead:
    case RegexOp::Behind: {
        StateSets look(program_, whole_, budget_);
        const bool found = instruction.op == RegexOp::Ahead ? look.run(state + 1, place, text_.size(), true, false)
                                                       : look.run(state + 1, 0, place, false, true);
        state = moved(state, instruction.first + 1);
        return found != (instruction.value == 1);
    }
    case RegexOp::Character:
    case RegexOp::Set:
    case RegexOp::Any:
    case RegexOp::AnyButBreak:
        ++state;
        return place < text_.size() && takes(program_, instruction, text_.take(place));
    default:
        ++state;
        return text_.holds(instruction.op, place);
    }
}

/// Whether what `group` matched stands at `place` again, which moves behind it.
bool Backtracker::repeats(std::uint32_t group, std::size_t& place)
{
    std::size_t from = slots_[2 * group];
    const std::size_t to = slots_[2 * group + 1];
    if (from == nowhere || to == nowhere)
        return false;
    const std::size_t begin = from;
    bool isSame = true;
    while (isSame && from < to) {
        isSame = place < text_.size();
        if (!isSame)
            break;
        const char32_t a = text_.take(from);
        const char32_t b = text_.take(place);
        isSame = a == b || (program_.ignoreCase && lowerCase(a) == lowerCase(b));
    }
    budget_ -= static_cast<std::int64_t>((from - begin) / 16);
    return isSame;
}

} // namespace iotman::rules
