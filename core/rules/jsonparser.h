// The parser behind `Payload`: strict RFC 8259, one pass, no recursion.
#pragma once

#include "core/rules/payload.h"

#include <array>

namespace iotman::rules {

class JsonParser {
public:
    /// `nodes` must have room for half as many nodes as the text has bytes, half as many as may lie in each other, and one.
    /// `mostDepth` is at most `greatestEnvelopeDepth`.
    JsonParser(std::string_view json, Payload::Node* nodes, int mostDepth)
        : begin_(json.data())
        , end_(json.data() + json.size())
        , nodes_(nodes)
        , mostDepth_(mostDepth)
    {
    }

    bool parse();
    /// How many nodes there are, when it went well.
    std::size_t count() const { return count_; }
    int greatestDepth() const { return greatestDepth_; }
    /// Why it did not.
    const Error& error() const { return error_; }

private:
    // Each takes the place where its part begins and returns the place behind it, or nullptr after an error.
    const char* open(const char* p);
    const char* close(const char* p);
    const char* key(const char* p);
    const char* string(const char* p);
    const char* longString(const char* from, const char* p);
    const char* escape(const char* p);
    const char* unicodeEscape(const char* p);
    const char* number(const char* p);
    const char* longNumber(const char* from, const char* p);
    const char* literal(const char* p, std::string_view word, Payload::Kind kind);
    const char* value(const char* p);
    const char* skipBlanks(const char* p) const;

    const char* refuse(const char* place, std::string_view expected);
    const char* refuseAt(const char* place, std::string sentence);
    std::string found(const char* place) const;
    std::string hint(const char* place) const;

    void push(Payload::Kind kind, const char* from, const char* to, bool escaped = false)
    {
        nodes_[count_] = {offset(from), offset(to), count_ + 1, 0, kind, escaped};
        ++count_;
    }
    std::uint32_t offset(const char* place) const { return static_cast<std::uint32_t>(place - begin_); }
    Payload::Node& around() { return nodes_[open_[static_cast<std::size_t>(depth_) - 1]]; }

    const char* begin_;
    const char* end_;
    Payload::Node* nodes_;
    std::uint32_t count_ = 0;
    int mostDepth_;
    int depth_ = 0;
    int greatestDepth_ = 0;
    std::array<std::uint32_t, greatestEnvelopeDepth> open_; ///< the arrays and objects around the place
    Error error_;
};

} // namespace iotman::rules
