#include "core/server/pagewriter.h"

#include "core/server/accept.h"
#include "core/server/csvtable.h"

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

/// What most pages take; a longer one grows.
constexpr std::size_t usualBytes = 16 * 1024;
/// Room that grew beyond this is not used again.
constexpr std::size_t mostKeptBytes = 64 * 1024;

/// Those of a page, and what is added behind it.
constexpr std::size_t usualHeaders = 8;

Response pageResponse(std::string_view type, std::shared_ptr<const std::string> body)
{
    Response response;
    response.shared = std::move(body);
    response.headers.reserve(usualHeaders);
    response.with("Content-Type", std::string(type)).with("Cache-Control", "no-cache");
    return response;
}

/// RFC 8288: a format without room for the link has it in a header.
Response linkedResponse(std::string_view type, std::shared_ptr<const std::string> body, const PageEnd& end)
{
    Response response = pageResponse(type, std::move(body));
    if (end.next)
        response.with("Link", "<" + *end.next + ">; rel=\"next\"");
    return response;
}

/// `{"data":[…],"next_page":…[,"times":[…],"live":…]}` with the items' own bytes.
class JsonPage final : public PageWriter {
public:
    JsonPage(Times times, std::shared_ptr<std::string> room)
        : times_(times)
        , room_(std::move(room))
        , body_(*room_)
    {
        body_ = beginning;
    }

    std::size_t add(const store::ItemRun& items) override
    {
        const std::size_t count = addJoined(items) ? items.size() : addTexts(items);
        if (times_ == Times::Written) {
            for (std::size_t i = 0; i < count; ++i)
                timesText_ += items[i].position.time.seconds() + ',';
        }
        return count;
    }

    Response finish(const PageEnd& end) override
    {
        dropComma(body_);
        dropComma(timesText_);
        // The URL has no character that JSON would escape: host names, base URLs and cursors are checked.
        body_ += "],\"next_page\":";
        if (end.next)
            body_.append("\"").append(*end.next).append("\"");
        else
            body_ += "null";
        if (times_ == Times::Written)
            body_ += ",\"times\":[" + timesText_ + "],\"live\":\"" + end.live.value_or(std::string()) + "\"";
        body_ += '}';
        return pageResponse("application/json", std::move(room_));
    }

private:
    /// False where they are not stored as a page has them, or are too much.
    bool addJoined(const store::ItemRun& items)
    {
        const std::optional<std::string_view> texts = items.joined();
        if (!texts || items.size() == 0 || body_.size() + texts->size() > mostPageBytes)
            return false;
        body_.append(*texts).push_back(',');
        return true;
    }
    std::size_t addTexts(const store::ItemRun& items)
    {
        return items.countWhile([this](const store::Item& item) {
            if (body_.size() + item.text.size() > mostPageBytes && body_.size() > beginning.size())
                return false;
            body_.append(item.text).push_back(',');
            return true;
        });
    }
    static void dropComma(std::string& list)
    {
        if (list.ends_with(','))
            list.pop_back();
    }

    static constexpr std::string_view beginning = "{\"data\":[";

    const Times times_;
    std::shared_ptr<std::string> room_;
    std::string& body_;
    std::string timesText_;
};

/// One item a line; with times `{"time":…,"item":…}`.
class NdjsonPage final : public PageWriter {
public:
    NdjsonPage(Times times, std::shared_ptr<std::string> room)
        : times_(times)
        , room_(std::move(room))
        , body_(*room_)
    {
    }

    std::size_t add(const store::ItemRun& items) override
    {
        return items.countWhile([this](const store::Item& item) {
            if (body_.size() + item.text.size() > mostPageBytes && !body_.empty())
                return false;
            append(item);
            return true;
        });
    }

    Response finish(const PageEnd& end) override { return linkedResponse("application/x-ndjson", std::move(room_), end); }

private:
    void append(const store::Item& item)
    {
        if (times_ == Times::Written)
            body_ += "{\"time\":" + item.position.time.seconds() + ",\"item\":";
        const auto start = static_cast<long>(body_.size());
        body_ += item.text;
        // Line breaks only stand in white space of JSON, so that blanks say the same.
        std::replace_if(
            body_.begin() + start, body_.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        body_ += times_ == Times::Written ? "}\n" : "\n";
    }

    const Times times_;
    std::shared_ptr<std::string> room_;
    std::string& body_;
};

/// A table; with times its first column is `time`.
class CsvPage final : public PageWriter {
public:
    explicit CsvPage(Times times)
        : times_(times)
    {
    }

    std::size_t add(const store::ItemRun& items) override
    {
        return items.countWhile([this](const store::Item& item) {
            const auto time = times_ == Times::Written ? std::optional(item.position.time.seconds()) : std::nullopt;
            return table_.add(item.text, time, mostPageBytes);
        });
    }

    Response finish(const PageEnd& end) override
    {
        return linkedResponse("text/csv; charset=utf-8; header=present", std::make_shared<const std::string>(std::move(table_).text()), end);
    }

private:
    const Times times_;
    CsvTable table_;
};

} // namespace

PageFormat pageFormat(const RequestHead& head)
{
    struct Offer {
        std::string_view type;
        PageFormat format;
    };
    constexpr std::array offers{Offer{"application/json", PageFormat::Json}, Offer{"text/csv", PageFormat::Csv},
                                Offer{"application/x-ndjson", PageFormat::Ndjson},
                                Offer{"application/ndjson", PageFormat::Ndjson}};
    std::array<std::string_view, offers.size()> types;
    std::transform(offers.begin(), offers.end(), types.begin(), [](const Offer& offer) { return offer.type; });
    return offers.at(preferred(head, types)).format;
}

std::shared_ptr<std::string> PageRoom::take()
{
    if (!last_ || last_.use_count() > 1 || last_->capacity() > mostKeptBytes) {
        last_ = std::make_shared<std::string>();
        last_->reserve(usualBytes);
    }
    last_->clear();
    return last_;
}

std::unique_ptr<PageWriter> pageWriter(PageFormat format, Times times, std::shared_ptr<std::string> room)
{
    switch (format) {
    case PageFormat::Csv:
        return std::make_unique<CsvPage>(times);
    case PageFormat::Ndjson:
        return std::make_unique<NdjsonPage>(times, std::move(room));
    case PageFormat::Json:
        break;
    }
    return std::make_unique<JsonPage>(times, std::move(room));
}

} // namespace iotman::server
