// The parser behind `Payload`: strict RFC 8259, one pass, no recursion.
#pragma once

#include "core/rules/payload.h"

#include <array>

namespace iotman::rules {

class JsonParser {
public:
    /// Appends to `nodes`, whose memory is kept from payload to payload.
    JsonParser(std::string_view json, std::vector<Payload::Node>& nodes)
        : begin_(json.data()), end_(json.data() + json.size()), p_(begin_), nodes_(nodes)
    {
    }
    Expected<void> parse();

private:
    bool run();
    bool value();
    bool open(Payload::Kind kind);
    bool close();
    bool key();
    bool string();
    bool escape();
    bool unicodeEscape();
    bool number();
    bool literal(std::string_view word, Payload::Kind kind);
    bool afterValue();
    void skipBlanks();

    bool followsComma() const;
    bool refuse(std::string expected);
    bool refuseAt(const char* place, std::string sentence);
    std::string found() const;
    std::uint32_t offset(const char* place) const { return static_cast<std::uint32_t>(place - begin_); }
    Payload::Node& push(Payload::Kind kind, const char* from);
    bool inObject() const { return depth_ > 0 && nodes_[open_[static_cast<std::size_t>(depth_) - 1]].kind == Payload::Kind::Object; }

    const char* begin_;
    const char* end_;
    const char* p_;
    std::vector<Payload::Node>& nodes_;
    std::array<std::uint32_t, greatestPayloadDepth> open_; ///< the arrays and objects around `p_`
    int depth_ = 0;
    bool done_ = false;
    Error error_;
};

} // namespace iotman::rules
