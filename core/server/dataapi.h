// /data/out and /data/in: pages, streams, ingest, and what browsers of other origins get of them.
#pragma once

#include "core/model/query.h"
#include "core/pipeline/ingest.h"
#include "core/server/access.h"
#include "core/server/httprequest.h"
#include "core/server/servercontext.h"

#include <memory>
#include <variant>

namespace iotman::server {

inline constexpr std::size_t mostIngestBytes = 32 * 1024 * 1024;
inline constexpr std::size_t mostPageBytes = 8 * 1024 * 1024;

/// One per worker.
class DataApi {
public:
    DataApi(ServerContext& context, Access& access);

    /// `GET /data/out/{id}`.
    Response page(const HttpRequest& request, const EndpointId& endpoint);

    /// `GET /data/out/{id}/stream` and `/events`, decided before anything is answered: a reader for the fan-out (without its
    /// descriptor), or the refusal.
    std::variant<StreamStart, Response> stream(const HttpRequest& request, const EndpointId& endpoint, StreamProtocol protocol);

    /// `OPTIONS` on anything under /data/out.
    Response preflight(const HttpRequest& request) const;

    /// `POST /data/in/{source}`; `reply` is called once the datapoints are durable.
    void ingest(const HttpRequest& request, const SourceName& source, Reply reply);

    /// Puts the headers of the CORS protocol on an answer of /data/out.
    void addCors(const HttpRequest& request, Response& response) const;

private:
    struct Found {
        Endpoint endpoint;
        OutputKey output = 0;
    };
    Expected<Found> find(const EndpointId& id) const;
    Response pageOf(const HttpRequest& request, const Found& found, const PageRequest& asked);

    ServerContext& context_;
    Access& access_;
    std::unique_ptr<store::Reader> reader_;
    pipeline::Ingest ingest_;
};

} // namespace iotman::server
