#include "core/server/chunkedbody.h"

#include "core/server/requesthead.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t mostLineBytes = 16 * 1024;
constexpr int mostSizeDigits = 64; // zeros in front included
constexpr std::uint64_t mostBeforeDigit = 0x0fffffff;

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

tl::unexpected<Error> malformedBody(std::string_view expected)
{
    return fail(Problem::BadRequest, "the chunked body is malformed: expected " + std::string(expected));
}

} // namespace

Expected<std::size_t> ChunkedBody::take(std::string_view bytes, std::string& body)
{
    std::size_t at = 0;
    while (at < bytes.size() && state_ != State::Finished) {
        if (state_ == State::Data) {
            const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size() - at));
            body.append(bytes.substr(at, count));
            at += count;
            size_ -= count;
            if (size_ == 0)
                state_ = State::DataCr;
            continue;
        }
        if (auto stepped = step(bytes[at]); !stepped)
            return fail(stepped.error());
        ++at;
    }
    return at;
}

Expected<void> ChunkedBody::step(char c)
{
    switch (state_) {
    case State::Size:
        if (const int value = hexValue(c); value >= 0) {
            if (size_ > mostBeforeDigit)
                return fail(Problem::TooLarge, "a chunk is too large");
            if (++digits_ > mostSizeDigits)
                return malformedBody("at most 64 digits in a chunk size");
            size_ = size_ * 16 + static_cast<std::uint64_t>(value);
            return {};
        }
        if (digits_ == 0)
            return malformedBody("a chunk size in hexadecimal digits");
        // RFC 9112 §7.1.1: white space that was never meant to be there is allowed before an extension.
        if (c == ' ' || c == '\t')
            state_ = State::SizeBlank;
        if (c == ';')
            beginExtension();
        if (state_ != State::Size)
            return {};
        if (c != '\r')
            return malformedBody("CR LF after a chunk size");
        state_ = State::SizeEnd;
        return {};
    case State::SizeBlank:
        if (++lineBytes_ > mostLineBytes)
            return malformedBody("shorter chunk extensions");
        if (c == ';')
            beginExtension();
        return c == ';' || c == ' ' || c == '\t' ? Expected<void>() : malformedBody("CR LF or a chunk extension after a chunk size");
    case State::Extension:
        if (++lineBytes_ > mostLineBytes)
            return malformedBody("shorter chunk extensions");
        return stepExtension(c) ? Expected<void>() : malformedBody("a chunk extension such as “; name=value”");
    case State::SizeEnd:
        return c == '\n' ? sizeEnded() : malformedBody("CR LF after a chunk size");
    case State::DataCr:
        if (c != '\r')
            return malformedBody("CR LF after a chunk");
        state_ = State::DataLf;
        return {};
    case State::DataLf:
        if (c != '\n')
            return malformedBody("CR LF after a chunk");
        state_ = State::Size;
        size_ = 0;
        digits_ = 0;
        return {};
    case State::TrailerStart:
        state_ = c == '\r' ? State::LastLf : State::TrailerName;
        return c == '\r' || isToken({&c, 1}) ? Expected<void>() : malformedBody("a trailer field or an empty line");
    case State::TrailerName:
        if (++lineBytes_ > mostLineBytes)
            return malformedBody("shorter trailers");
        if (c == ':')
            state_ = State::Trailer;
        return c == ':' || isToken({&c, 1}) ? Expected<void>() : malformedBody("a trailer field such as “Name: value”");
    case State::Trailer:
        if (++lineBytes_ > mostLineBytes)
            return malformedBody("shorter trailers");
        if (c == '\r')
            state_ = State::TrailerLf;
        else if (!isFieldCharacter(c))
            return malformedBody("a trailer field without control characters");
        return {};
    case State::TrailerLf:
        if (c != '\n')
            return malformedBody("CR LF after a trailer field");
        state_ = State::TrailerStart;
        return {};
    case State::LastLf:
        if (c != '\n')
            return malformedBody("CR LF at the end");
        state_ = State::Finished;
        return {};
    case State::Data:
    case State::Finished:
        break;
    }
    return {};
}

void ChunkedBody::beginExtension()
{
    state_ = State::Extension;
    extension_ = Extension::BeforeName;
}

bool ChunkedBody::stepExtension(char c)
{
    const bool isBlank = c == ' ' || c == '\t';
    const bool isOfToken = isToken({&c, 1});
    // Behind a name or a value, with or without white space.
    const auto isBehind = [&](Extension behind, bool mayEnd) {
        if (c == '\r' && mayEnd)
            state_ = State::SizeEnd;
        else if (c == ';')
            extension_ = Extension::BeforeName;
        else if (c == '=' && behind == Extension::BehindName)
            extension_ = Extension::BeforeValue;
        else if (isBlank)
            extension_ = behind;
        else
            return false;
        return true;
    };
    switch (extension_) {
    case Extension::BeforeName:
        if (isOfToken)
            extension_ = Extension::Name;
        return isOfToken || isBlank;
    case Extension::Name:
        return isOfToken || isBehind(Extension::BehindName, true);
    case Extension::BehindName:
        return isBehind(Extension::BehindName, false);
    case Extension::BeforeValue:
        if (isOfToken)
            extension_ = Extension::Value;
        if (c == '"')
            extension_ = Extension::Quoted;
        return isOfToken || isBlank || c == '"';
    case Extension::Value:
        return isOfToken || isBehind(Extension::BehindValue, true);
    case Extension::Quoted:
        if (c == '"')
            extension_ = Extension::QuoteEnd;
        if (c == '\\')
            extension_ = Extension::QuotedPair;
        return isFieldCharacter(c);
    case Extension::QuotedPair:
        extension_ = Extension::Quoted;
        return isFieldCharacter(c);
    case Extension::QuoteEnd:
        return isBehind(Extension::BehindValue, true);
    case Extension::BehindValue:
        return isBehind(Extension::BehindValue, false);
    }
    return false;
}

Expected<void> ChunkedBody::sizeEnded()
{
    if (size_ == 0) {
        state_ = State::TrailerStart;
        return {};
    }
    total_ += size_;
    if (total_ > mostBytes_)
        return fail(Problem::TooLarge, "the body is larger than " + std::to_string(mostBytes_) + " bytes");
    state_ = State::Data;
    return {};
}

} // namespace iotman::server
