// Which handler answers a request: paths are compared as they were sent, so that no spelling of one slips past a check.
#pragma once

#include "core/server/dataapi.h"
#include "core/server/management.h"

#include <chrono>

namespace iotman::server {

/// The most bytes that a body may have at this path.
std::size_t mostBodyBytes(std::string_view path);

/// One per worker.
class Router {
public:
    explicit Router(ServerContext& context);

    /// Whether the request is for a stream; then `stream` decides and nothing else is called.
    bool isStream(const RequestHead& head) const;
    std::variant<StreamStart, Response> stream(const HttpRequest& request);
    /// Of the answer to a request for Server-Sent Events.
    Response eventsHead(const HttpRequest& request) const;
    /// The endpoint that is read, by page or stream; nothing for any other request.
    std::optional<EndpointId> endpointRead(const RequestHead& head) const;

    void handle(const HttpRequest& request, Reply reply);
    /// The answer to a request that the guard refuses: a problem, or what its endpoint answers in its stead.
    static Response refusalOf(const RequestHead& head, const Error& error);
    /// What a request with a body would be refused with whatever that is.
    std::optional<Response> refusalByHead(const HttpRequest& request);

    void addCors(const HttpRequest& request, Response& response) const { data_.addCors(request, response); }

private:
    bool isOfStream(const RequestHead& head) const;
    bool isIssuersPath(std::string_view path) const;
    /// Of what is behind /data/out/.
    struct OutPath {
        std::string_view id;
        std::string_view tail; ///< "", "/stream", "/events" or something else
    };
    static OutPath splitOut(std::string_view path);

    void handleOut(const HttpRequest& request, std::string_view rest, const Reply& reply);
    Response answerOut(const HttpRequest& request, const OutPath& out);
    void handleIn(const HttpRequest& request, std::string_view rest, Reply reply);
    Response streamHead(const HttpRequest& request);
    Response health();
    Response metrics(const HttpRequest& request);
    Response openApi(const HttpRequest& request);
    Response describe(const HttpRequest& request, bool toMember);

    ServerContext& context_;
    std::unique_ptr<store::Reader> reader_;
    /// The description made last: it reads items of every endpoint, and whoever asks for it may ask often.
    struct Described {
        std::string of; ///< who asked, how, and of which catalog
        Timestamp at;
        Response response;
    };
    Described described_;
    std::chrono::steady_clock::time_point triedAt_; ///< to write, where that had failed
    Access access_;
    DataApi data_;
    Management management_;
};

} // namespace iotman::server
