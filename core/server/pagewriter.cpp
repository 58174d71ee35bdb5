#include "core/server/pagewriter.h"

#include "core/server/accept.h"
#include "core/server/csvtable.h"

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

/// What most pages take; a longer one grows.
constexpr std::size_t usualBytes = 16 * 1024;

Response pageResponse(std::string_view type, std::string body)
{
    Response response{200, {}, std::move(body)};
    response.with("Content-Type", std::string(type)).with("Cache-Control", "no-cache");
    return response;
}

/// RFC 8288: a format without room for the link has it in a header.
Response linkedResponse(std::string_view type, std::string body, const PageEnd& end)
{
    Response response = pageResponse(type, std::move(body));
    if (end.next)
        response.with("Link", "<" + *end.next + ">; rel=\"next\"");
    return response;
}

/// `{"data":[…],"next_page":…[,"times":[…],"live":…]}` with the items' own bytes.
class JsonPage final : public PageWriter {
public:
    explicit JsonPage(Times times)
        : times_(times)
    {
        body_.reserve(usualBytes);
        body_ = "{\"data\":[";
    }

    bool add(Timestamp time, std::string_view item) override
    {
        if (!empty_) {
            if (body_.size() + item.size() > mostPageBytes)
                return false;
            body_ += ',';
        }
        body_ += item;
        if (times_ == Times::Written) {
            timesText_ += empty_ ? "" : ",";
            timesText_ += time.seconds();
        }
        empty_ = false;
        return true;
    }

    Response finish(const PageEnd& end) override
    {
        // The URL has no character that JSON would escape: host names, base URLs and cursors are checked.
        body_ += "],\"next_page\":";
        body_ += end.next ? "\"" + *end.next + "\"" : "null";
        if (times_ == Times::Written)
            body_ += ",\"times\":[" + timesText_ + "],\"live\":\"" + end.live.value_or(std::string()) + "\"";
        body_ += '}';
        return pageResponse("application/json", std::move(body_));
    }

private:
    const Times times_;
    std::string body_;
    std::string timesText_;
    bool empty_ = true;
};

/// One item a line; with times `{"time":…,"item":…}`.
class NdjsonPage final : public PageWriter {
public:
    explicit NdjsonPage(Times times)
        : times_(times)
    {
    }

    bool add(Timestamp time, std::string_view item) override
    {
        if (!body_.empty() && body_.size() + item.size() > mostPageBytes)
            return false;
        if (times_ == Times::Written)
            body_ += "{\"time\":" + time.seconds() + ",\"item\":";
        const auto start = static_cast<long>(body_.size());
        body_ += item;
        // Line breaks only stand in white space of JSON, so that blanks say the same.
        std::replace_if(
            body_.begin() + start, body_.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        body_ += times_ == Times::Written ? "}\n" : "\n";
        return true;
    }

    Response finish(const PageEnd& end) override { return linkedResponse("application/x-ndjson", std::move(body_), end); }

private:
    const Times times_;
    std::string body_;
};

/// A table; with times its first column is `time`.
class CsvPage final : public PageWriter {
public:
    explicit CsvPage(Times times)
        : times_(times)
    {
    }

    bool add(Timestamp time, std::string_view item) override
    {
        return table_.add(item, times_ == Times::Written ? std::optional(time.seconds()) : std::nullopt, mostPageBytes);
    }

    Response finish(const PageEnd& end) override
    {
        return linkedResponse("text/csv; charset=utf-8; header=present", std::move(table_).text(), end);
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

std::unique_ptr<PageWriter> pageWriter(PageFormat format, Times times)
{
    switch (format) {
    case PageFormat::Csv:
        return std::make_unique<CsvPage>(times);
    case PageFormat::Ndjson:
        return std::make_unique<NdjsonPage>(times);
    case PageFormat::Json:
        break;
    }
    return std::make_unique<JsonPage>(times);
}

} // namespace iotman::server
