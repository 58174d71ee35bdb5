// /data/out and /data/in: pages, streams, ingest, and what browsers of other origins get of them.
#pragma once

#include "core/pipeline/ingest.h"
#include "core/server/access.h"
#include "core/server/httprequest.h"
#include "core/server/newestpages.h"
#include "core/server/pagewriter.h"
#include "core/server/servercontext.h"

#include <memory>
#include <variant>

namespace iotman::server {

inline constexpr std::size_t mostIngestBytes = 32 * 1024 * 1024;

/// One per worker.
class DataApi {
public:
    DataApi(ServerContext& context, Access& access);

    /// `GET /data/out/{id}`.
    Response page(const HttpRequest& request, const EndpointId& endpoint);

    /// `GET /data/out/{id}/stream` and `/events`, decided before anything is answered: a reader for the fan-out (without its
    /// descriptor), or the refusal.
    std::variant<StreamStart, Response> stream(const HttpRequest& request, const EndpointId& endpoint, StreamProtocol protocol);

    /// What `ingest` would be refused with, whatever its body is.
    std::optional<Response> ingestRefusal(const HttpRequest& request, const SourceName& source);
    /// `POST /data/in/{source}`; `reply` is called once the datapoints are durable.
    void ingest(const HttpRequest& request, const SourceName& source, Reply reply);

    /// Whether a page of another origin asks. The allowlist is for what is read.
    bool isForeign(const HttpRequest& request) const;

    /// Puts the headers of the CORS protocol on an answer of /data/out, or on one to OPTIONS.
    void addCors(const HttpRequest& request, Response& response) const;
    void addPreflight(const HttpRequest& request, Response& response) const;

private:
    struct Found {
        std::shared_ptr<const Catalog> catalog;
        const Endpoint& endpoint; ///< in the catalog
        OutputKey output = 0;
    };
    struct Sender {
        std::shared_ptr<const Catalog> catalog;
        const Source& source; ///< in the catalog
        Expected<Identity> identity;
    };
    Expected<Found> find(const EndpointId& id) const;
    std::variant<Sender, Response> senderOf(const HttpRequest& request, const SourceName& name);
    /// What the request's Origin is compared with; empty where it has none.
    std::string ownOrigin(const HttpRequest& request) const;
    bool isExtended() const { return context_.contract == Contract::Extended; }
    void take(const HttpRequest& request, const Source& source, const Identity& identity, Reply reply);
    /// Whether another generation of items is served by now: what was read of that one may not be all.
    bool isReplaced(const Found& found) const;
    /// Whether the page depends on the output's items alone.
    bool isCacheable(const Found& found, const PageRequest& asked) const;
    Response newestPage(const HttpRequest& request, const Found& found, const PageRequest& asked, PageFormat format);
    Response pageOf(const HttpRequest& request, const Found& found, const PageRequest& asked, PageFormat format);

    ServerContext& context_;
    Access& access_;
    std::unique_ptr<store::Reader> reader_;
    pipeline::Ingest ingest_;
    NewestPages newest_;
    std::string newestKey_; ///< what was looked for last: its memory is used again
    PageRoom pageRoom_;
};

} // namespace iotman::server
