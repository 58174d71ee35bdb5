#include "core/import/splitbody.h"

#include "core/import/limits.h"
#include "core/import/objectmatcher.h"
#include "core/import/textwindow.h"
#include "core/import/utf8.h"
#include "core/import/words.h"
#include "core/model/ascii.h"
#include "core/model/encoding.h"

#include <algorithm>
#include <optional>

namespace iotman::files {

namespace {

struct Place {
    std::int64_t line = 1;
    int column = 1;
};

/// The line and column of byte `at`. Only errors ask, so it counts from the start.
Place placeOf(std::string_view body, std::size_t at)
{
    if (body.starts_with(byteOrderMark)) {
        body.remove_prefix(byteOrderMark.size());
        at -= std::min(at, byteOrderMark.size());
    }
    const std::string_view before = body.substr(0, at);
    LineCount lines;
    lines.pass(before);
    const std::size_t end = before.find_last_of("\r\n");
    const std::string_view start = end == std::string_view::npos ? before : before.substr(end + 1);
    return {lines.line, columnAt(start, start.size())};
}

class Splitter {
public:
    Splitter(std::string_view body, const ObjectLimits& limits)
        : body_(body)
        , limits_(limits)
    {
    }

    Expected<Body> run()
    {
        if (body_.starts_with(byteOrderMark))
            at_ = byteOrderMark.size();
        skipSpace();
        if (at_ == body_.size())
            return fail(Problem::BadRequest, "expected at least one JSON object, but the body is empty");
        if (body_[at_] == '[')
            return array();
        if (body_[at_] != '{')
            return refuse(Problem::BadRequest, at_,
                          "expected an object, an array of objects, or one object a line, but got " + wordAt(body_, at_));
        return objectOrLines();
    }

private:
    void skipSpace()
    {
        while (at_ < body_.size() && isSpace(body_[at_]))
            ++at_;
    }

    tl::unexpected<Error> refuse(Problem kind, std::size_t at, const std::string& why) const
    {
        const Place place = placeOf(body_, at);
        const std::string element =
            shape_ == BodyShape::Array && element_ > 0 ? "element " + std::to_string(element_) + ": " : "";
        Error error{kind, element + lineAndColumn(place.line, place.column) + ": " + why, {}, place.column, {}, 0};
        return fail(std::move(error));
    }

    /// The end of the object that starts at `start` and must be over before `limit`.
    Expected<std::size_t> objectEnd(std::size_t start, std::size_t limit) const
    {
        ObjectMatcher matcher(limits_.depth);
        // Past the largest object there is no need to look.
        const std::size_t room = std::min(limit - start, limits_.bytes + 1);
        const ObjectMatcher::Result result = matcher.feed(body_.substr(start, room));
        if (result == ObjectMatcher::Result::TooDeep)
            return refuseDepth(start + matcher.end());
        if (result == ObjectMatcher::Result::Open && room > limits_.bytes)
            return refuse(Problem::TooLarge, start, "expected an object of at most 1 MiB, but this one is larger");
        if (result == ObjectMatcher::Result::Open)
            return refuseOpen(start, limit, matcher.inString());
        if (matcher.end() > limits_.bytes)
            return refuse(Problem::TooLarge, start, "expected an object of at most 1 MiB, but this one is larger");
        return start + matcher.end();
    }

    tl::unexpected<Error> refuseDepth(std::size_t at) const
    {
        return refuse(Problem::BadRequest, at,
                      "expected a nesting of at most " + std::to_string(limits_.depth) + ", but it is deeper");
    }

    /// Where arrays that open one in the other from `at_` on are too many.
    std::optional<std::size_t> tooManyArrays() const
    {
        int depth = 0;
        for (std::size_t at = at_; at < body_.size() && (body_[at] == '[' || isSpace(body_[at])); ++at)
            if (body_[at] == '[' && ++depth > limits_.depth)
                return at;
        return std::nullopt;
    }

    tl::unexpected<Error> refuseOpen(std::size_t start, std::size_t end, bool inString) const
    {
        std::string why = std::string("expected ") + (inString ? "the end of a string" : "“}”") + ", but got " +
                          (end == body_.size() ? "the end" : "the end of the line");
        const Place opening = placeOf(body_, start);
        if (opening.line != placeOf(body_, end).line)
            why += "; the object starts in line " + std::to_string(opening.line);
        return refuse(Problem::BadRequest, end, why);
    }

    Expected<void> add(std::size_t start, std::size_t end, std::size_t number)
    {
        if (objects_.size() == mostObjects)
            return refuse(Problem::TooLarge, start, "expected at most 100,000 objects, but there are more");
        objects_.push_back({body_.substr(start, end - start), number});
        return {};
    }

    Expected<Body> array()
    {
        shape_ = BodyShape::Array;
        ++at_;
        skipSpace();
        if (at_ < body_.size() && body_[at_] == ']') {
            ++at_;
        } else {
            do {
                ++element_;
                if (Expected<void> taken = takeElement(); !taken)
                    return fail(taken.error());
            } while (body_[at_++] == ',');
        }
        element_ = 0;
        skipSpace();
        if (at_ < body_.size())
            return refuse(Problem::BadRequest, at_, "expected nothing after the array, but got " + wordAt(body_, at_));
        return Body{shape_, std::move(objects_)};
    }

    /// Leaves `at_` on the comma or the closing bracket behind the element.
    Expected<void> takeElement()
    {
        skipSpace();
        if (const std::optional<std::size_t> tooDeep = tooManyArrays())
            return refuseDepth(*tooDeep);
        if (at_ == body_.size() || body_[at_] != '{')
            return refuse(Problem::BadRequest, at_, "expected an object, but got " + wordAt(body_, at_));
        const Expected<std::size_t> end = objectEnd(at_, body_.size());
        if (!end)
            return fail(end.error());
        if (Expected<void> added = add(at_, *end, element_); !added)
            return added;
        at_ = *end;
        skipSpace();
        if (at_ == body_.size() || (body_[at_] != ',' && body_[at_] != ']'))
            return refuse(Problem::BadRequest, at_, "expected “,” or “]”, but got " + wordAt(body_, at_));
        return {};
    }

    Expected<Body> objectOrLines()
    {
        const std::size_t lineEnd = endOfLine(at_);
        const Expected<std::size_t> inLine = objectEnd(at_, lineEnd);
        if (inLine && hasMore(*inLine))
            return lines();
        const std::size_t start = at_;
        const Expected<std::size_t> end = inLine ? inLine : objectEnd(start, body_.size());
        if (!end)
            return fail(end.error());
        at_ = *end;
        skipSpace();
        if (at_ < body_.size())
            return refuse(Problem::BadRequest, at_,
                          "expected nothing after the object, but got " + wordAt(body_, at_) +
                              "; several objects go one a line each");
        if (Expected<void> added = add(start, *end, 1); !added)
            return fail(added.error());
        return Body{BodyShape::Object, std::move(objects_)};
    }

    bool hasMore(std::size_t at) const
    {
        return std::any_of(body_.begin() + static_cast<std::ptrdiff_t>(at), body_.end(), [](char c) { return !isSpace(c); });
    }

    /// The byte of the line end at or after `at`, which never goes back.
    std::size_t endOfLine(std::size_t at)
    {
        // Remembered, because a body of lines that end with CR would be searched to its end for each of them.
        if (nextFeed_ < at || !searched_)
            nextFeed_ = std::min(body_.find('\n', at), body_.size());
        searched_ = true;
        return std::min(body_.substr(0, nextFeed_).find('\r', at), nextFeed_);
    }

    Expected<Body> lines()
    {
        shape_ = BodyShape::Lines;
        std::size_t number = static_cast<std::size_t>(placeOf(body_, at_).line);
        while (at_ < body_.size()) {
            const std::size_t lineEnd = endOfLine(at_);
            if (Expected<void> taken = takeLine(lineEnd, number); !taken)
                return fail(taken.error());
            at_ = lineEnd + (body_.substr(lineEnd, 2) == "\r\n" ? 2 : 1);
            ++number;
        }
        return Body{shape_, std::move(objects_)};
    }

    Expected<void> takeLine(std::size_t lineEnd, std::size_t number)
    {
        while (at_ < lineEnd && isSpace(body_[at_]))
            ++at_;
        if (at_ == lineEnd)
            return {};
        if (body_[at_] != '{')
            return refuse(Problem::BadRequest, at_, "expected an object, but got " + wordAt(body_, at_));
        const Expected<std::size_t> end = objectEnd(at_, lineEnd);
        if (!end)
            return fail(end.error());
        if (Expected<void> added = add(at_, *end, number); !added)
            return added;
        at_ = *end;
        while (at_ < lineEnd && isSpace(body_[at_]))
            ++at_;
        if (at_ < lineEnd)
            return refuse(Problem::BadRequest, at_, "expected the end of the line, but got " + wordAt(body_, at_));
        return {};
    }

    std::string_view body_;
    ObjectLimits limits_;
    std::size_t at_ = 0;
    std::size_t nextFeed_ = 0; ///< the first LF at or after the last place that was asked for
    bool searched_ = false;
    std::size_t element_ = 0;
    BodyShape shape_ = BodyShape::Object;
    std::vector<Slice> objects_;
};

} // namespace

Expected<Body> splitBody(std::string_view body, const ObjectLimits& limits)
{
    return Splitter(body, limits).run();
}

Error placedInBody(std::string_view body, BodyShape shape, const Slice& slice, const Error& error)
{
    const Place start = placeOf(body, static_cast<std::size_t>(slice.text.data() - body.data()));
    Error outer = movedTo(error, start.line, start.column);
    return shape == BodyShape::Array ? outer.within("element " + std::to_string(slice.number)) : outer;
}

} // namespace iotman::files
