// What is said to people: English here, and with its parts apart, so that a program can say it in another language.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace iotman::browser {

class Sentence {
public:
    Sentence() = default;
    /// What no language changes: a line of an exchange, an address.
    Sentence(std::string verbatim)
        : values_{std::move(verbatim)}
    {
    }
    /// `text` is a literal in English; its %1 to %9 stand for `values`, which are told as they are.
    static Sentence say(const char* text, std::vector<std::string> values = {});

    bool empty() const { return !text_ && values_.empty(); }
    /// What a translation is looked up by; null where there is none.
    const char* text() const { return text_; }
    /// `translation` of the text, with the values in it.
    std::string filled(std::string translation) const;
    std::string english() const;

    bool operator==(const Sentence& other) const { return english() == other.english(); }

private:
    const char* text_ = nullptr;
    std::vector<std::string> values_;
};

/// One after the other, with a blank between two.
using Sentences = std::vector<Sentence>;
std::string english(const Sentences& sentences);

} // namespace iotman::browser
