// Where history by pages and a stream overlap.
#pragma once

#include "core/client/page.h"
#include "core/client/streammessage.h"

#include <optional>
#include <vector>

namespace iotman::client {

/// Pages are read one after the other while a stream already runs from the moment of the first. A late item, one with an old time
/// that arrives meanwhile, then comes both ways: over the stream, and in the older page that covers its position. Positions and
/// sequences in the cursors (core/model/cursor.h) tell exactly which: an item with sequence s was seen by a page whose `live`
/// cursor stands at s or beyond. From a server whose cursors do not parse, nothing is taken for a repeat.
class RepeatFilter {
public:
    /// `from` is the oldest time that pages are asked for.
    RepeatFilter(EndpointId endpoint, std::optional<Timestamp> from)
        : endpoint_(std::move(endpoint))
        , from_(from)
    {
    }

    /// A page was read, the next older one after the last. Takes out of it what the stream has told before.
    void page(Page& page);
    /// No more pages will be read.
    void end()
    {
        late_.clear();
        isEnded_ = true;
    }
    /// Whether a page has already told what the stream tells now. Call it once for each item of the stream, in order.
    bool isRepeat(const StreamItem& item);

private:
    struct Read {
        Position lowest; ///< the page has what lies at or above this, below the page before
        Sequence until;  ///< and had arrived by then
    };
    struct Late {
        Position position;
        std::string json;
    };

    std::optional<Position> lowestOf(const Page& page) const;
    std::optional<Position> positionOf(const StreamItem& item) const;

    EndpointId endpoint_;
    std::optional<Timestamp> from_;
    std::vector<Read> reads_; ///< positions fall
    std::vector<Late> late_;  ///< told by the stream, older than all pages so far
    bool isEnded_ = false;
};

} // namespace iotman::client
