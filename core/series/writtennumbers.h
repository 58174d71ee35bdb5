// The digits of numbers that a double does not hold, beside the samples of a chunk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iotman {

/// `text`, a JSON number that reads as `value`, without needless zeros behind, where the fewest digits that make `value` are
/// another number: 9007199254740993, 0.1234567890123456789. Empty where they are the same: 21.50, 1e3.
std::string_view digitsBeyond(double value, std::string_view text);

/// Texts by the places of their samples: nothing for samples that have none, twelve bytes more than its text for one that has.
class WrittenNumbers {
public:
    static constexpr std::size_t longest = 1024; ///< of a text; what is longer is as good as its double

    bool isEmpty() const { return places_.empty(); }
    /// The heap memory.
    std::size_t bytes() const { return places_.capacity() * sizeof(Place) + text_.capacity(); }

    /// Empty where the sample has none; stays until the next change.
    std::string_view at(std::size_t sample) const;
    /// A sample comes in at this place; those from there on move up. An empty text: it has none.
    void insert(std::size_t sample, std::string_view text);
    /// Samples [from, to) go; those behind move down.
    void erase(std::size_t from, std::size_t to);

private:
    struct Place {
        std::uint32_t sample = 0;
        std::uint32_t offset = 0; ///< in text_; the text ends where the next one begins
    };
    std::size_t lowerBound(std::size_t sample) const;
    std::size_t offsetOf(std::size_t place) const { return place == places_.size() ? text_.size() : places_[place].offset; }

    std::vector<Place> places_; ///< ascending
    std::string text_;
};

} // namespace iotman
