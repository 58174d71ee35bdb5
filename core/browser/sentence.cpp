#include "core/browser/sentence.h"

namespace iotman::browser {

Sentence Sentence::say(const char* text, std::vector<std::string> values)
{
    Sentence sentence;
    sentence.text_ = text;
    sentence.values_ = std::move(values);
    return sentence;
}

std::string Sentence::filled(std::string translation) const
{
    if (!text_)
        return english();
    // In one pass: a value may hold a “%1” of its own.
    std::string said;
    for (std::size_t i = 0; i < translation.size(); ++i) {
        const std::size_t value =
            translation[i] == '%' && i + 1 < translation.size() ? static_cast<std::size_t>(translation[i + 1] - '1') : 9;
        if (value >= values_.size()) {
            said += translation[i];
            continue;
        }
        said += values_[value];
        ++i;
    }
    return said;
}

std::string Sentence::english() const
{
    return text_ ? filled(text_) : values_.empty() ? std::string() : values_.front();
}

std::string english(const Sentences& sentences)
{
    std::string said;
    for (const Sentence& sentence : sentences) {
        const std::string next = sentence.english();
        said += (said.empty() || next.empty() ? "" : " ") + next;
    }
    return said;
}

} // namespace iotman::browser
