// A parsed JSON payload.
#pragma once

#include "core/model/error.h"
#include "core/rules/decimal.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::rules {

/// Arrays and objects may lie this deep in each other: in a payload, and in an item, which is a payload wherever it is mirrored.
inline constexpr int greatestPayloadDepth = 128;
/// For texts of our own with payloads in them: an answer of the API, a request to try a rule.
inline constexpr int greatestEnvelopeDepth = greatestPayloadDepth + 8;

/// The longest text that is taken, in bytes.
inline constexpr std::size_t greatestPayloadSize = std::size_t{1} << 30;

/// JSON (RFC 8259) as a flat list of its values in the order written, over the text it came from. Nothing is copied and
/// nothing is converted: numbers and strings stay text until something asks.
/// One object is made once and used for many datapoints: it keeps its memory. One thread at a time.
class Payload {
public:
    enum class Kind : std::uint8_t { Null, False, True, Number, String, Array, Object };

    /// One value. The members of an object follow it as key, value, key, value; elements follow their array.
    struct Node {
        std::uint32_t begin; ///< where the value's text begins; a string's quote included
        std::uint32_t end;   ///< just past it
        std::uint32_t next;  ///< the node after this one and all that lies in it
        std::uint32_t count; ///< elements of an array, members of an object as written
        Kind kind;
        bool escaped; ///< a string with a backslash in it
    };

    Payload() = default;
    /// What is in use elsewhere is not copied by accident: nodes and text belong together.
    Payload(const Payload&) = delete;
    Payload& operator=(const Payload&) = delete;
    Payload(Payload&&) noexcept = default;
    Payload& operator=(Payload&&) noexcept = default;

    /// Reads any JSON value. `json` must stay where it is and as it is while this payload is in use.
    /// Errors (BadRequest) name line and column, 1-based and in characters, and what was expected there. Refused besides
    /// what is no JSON: malformed UTF-8, nesting beyond `mostDepth` (at most `greatestEnvelopeDepth`), numbers that
    /// PostgreSQL's numeric cannot hold, and in strings `\u0000` and lone surrogates, which its text cannot hold.
    /// Afterwards the payload is empty.
    Expected<void> parse(std::string_view json, int mostDepth = greatestPayloadDepth);

    /// The value's exact bytes, without the white space around it.
    std::string_view text() const { return size_ == 0 ? std::string_view() : text(0); }
    /// How many arrays and objects lie in each other at the deepest place; 0 for a scalar.
    int depth() const { return depth_; }
    /// The same of one value.
    int depth(std::uint32_t index) const;
    bool isObject() const { return size_ != 0 && nodes_[0].kind == Kind::Object; }

    /// The root is node 0.
    const Node& node(std::uint32_t index) const { return nodes_[index]; }
    std::string_view text(std::uint32_t index) const
    {
        const Node& value = nodes_[index];
        return json_.substr(value.begin, value.end - value.begin);
    }
    /// A string's characters between the quotes, as written.
    std::string_view quoted(std::uint32_t index) const
    {
        const Node& value = nodes_[index];
        return json_.substr(value.begin + 1, value.end - value.begin - 2);
    }
    /// A string's characters, escapes resolved; `buffer` is used when there are some.
    std::string_view string(std::uint32_t index, std::string& buffer) const;
    Decimal number(std::uint32_t index) const { return *Decimal::parse(text(index)); }

    /// The node of the value of member `key` of object `object`, 0 when it has none. Of repeated keys the last counts.
    std::uint32_t member(std::uint32_t object, std::string_view key) const;
    /// The keys of an object, each once, in the order of PostgreSQL's jsonb: by length in bytes, then by bytes.
    void members(std::uint32_t object, std::vector<std::uint32_t>& keys) const;
    /// The node of element `index` of array `array`, which must be there.
    std::uint32_t element(std::uint32_t array, std::uint32_t index) const;

private:
    std::string_view json_;
    std::unique_ptr<Node[]> nodes_; ///< room for as many as the longest text so far could hold
    std::size_t room_ = 0;
    std::size_t size_ = 0; ///< how many there are
    int depth_ = 0;
};

} // namespace iotman::rules
