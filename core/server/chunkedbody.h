// Chunked bodies, read strictly (RFC 9112 §7.1).
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace iotman::server {

/// Takes the bytes of a chunked body as they come and gives the body. Extensions and trailers are read and dropped, each within limits.
class ChunkedBody {
public:
    explicit ChunkedBody(std::uint64_t mostBytes) : mostBytes_(mostBytes) {}

    /// Takes as much of `bytes` as belongs to the body and appends what it carries to `body`. Returns how many bytes were taken:
    /// all of them unless `finished()`. Errors: BadRequest, TooLarge; the connection must be closed after one.
    Expected<std::size_t> take(std::string_view bytes, std::string& body);

    bool finished() const { return state_ == State::Finished; }

private:
    enum class State {
        Size,
        SizeBlank,
        Extension,
        SizeEnd,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        Trailer,
        TrailerLf,
        LastLf,
        Finished
    };

    /// Where in `; name = value` or `; name = "value"`.
    enum class Extension : std::uint8_t { BeforeName, Name, BehindName, BeforeValue, Value, Quoted, QuotedPair, QuoteEnd, BehindValue };

    Expected<void> step(char c);
    void beginExtension();
    /// False where `c` cannot stand here.
    bool stepExtension(char c);
    Expected<void> sizeEnded();

    std::uint64_t mostBytes_;
    State state_ = State::Size;
    std::uint64_t size_ = 0; ///< of the chunk; then what is left of it
    int digits_ = 0;
    Extension extension_ = Extension::BeforeName;
    std::size_t lineBytes_ = 0; ///< of extensions and trailers, over the whole body
    std::uint64_t total_ = 0;
};

} // namespace iotman::server
