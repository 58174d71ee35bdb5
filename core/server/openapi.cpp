#include "core/server/openapi.h"

#include "core/server/itemschema.h"

#include <map>

namespace iotman::server {

namespace {

constexpr int sampledItems = 100;
/// At most so many bytes of them, and of those of all endpoints; where there are few left, one item that is small.
constexpr std::size_t sampledBytes = std::size_t(1) * 1024 * 1024;
constexpr std::size_t sampledBytesInAll = 16 * sampledBytes;
/// A larger item is no example.
constexpr std::size_t exampleBytes = std::size_t(16) * 1024;
/// Of a schema, beyond those that the rule names.
constexpr std::size_t mostMembersShown = 1000;

Json reference(const char* kind, const std::string& name)
{
    return {{"$ref", std::string("#/components/") + kind + "/" + name}};
}

/// Beyond what the hosted service documents.
Json extension(Json json)
{
    json["x-iotman-extension"] = true;
    return json;
}

Json queryParameter(const char* name, const char* description, Json schema)
{
    return {{"name", name}, {"in", "query"}, {"description", description}, {"schema", std::move(schema)}};
}

Json timeSchema()
{
    return {{"type", "number"}, {"examples", {1700000000, 1700000000.25}}};
}

/// What many operations take is said once.
Json commonParameters(bool isExtended)
{
    Json parameters{
        {"from", queryParameter("from", "The oldest time wanted, inclusive, in Unix seconds.", timeSchema())},
        {"to", queryParameter("to", "The newest time wanted, inclusive, in Unix seconds.", timeSchema())},
        {"limit", queryParameter("limit", "How many items a page has at most.",
                                 {{"type", "integer"}, {"minimum", 1}, {"maximum", mostLimit}, {"default", defaultLimit}})},
        {"cursor", queryParameter("cursor", "Opaque; stands in `next_page`.", {{"type", "string"}})},
        {"accessToken", queryParameter("access_token", "For browsers, which cannot send Authorization here.", {{"type", "string"}})}};
    if (!isExtended)
        return parameters;
    const Json flag{{"enum", {"0", "1"}}};
    parameters["times"] =
        extension(queryParameter("times", "1 adds each item's time and the cursor of the stream that goes on from here.", flag));
    parameters["streamFrom"] = extension(queryParameter("from", "First replays what is stored from this time on.", timeSchema()));
    parameters["streamCursor"] = extension(queryParameter("cursor", "Goes on from here.", {{"type", "string"}}));
    parameters["streamTimes"] = extension(queryParameter("times", "1 wraps each item with its time and cursor.", flag));
    parameters["idempotencyKey"] = extension({{"name", "Idempotency-Key"},
                                              {"in", "header"},
                                              {"description", "A request sent again with its key and body stores nothing and gets its first answer. With a token, another body under the "
                                                              "key is refused (422); without one, callers are not told apart, and it is another request."},
                                              {"schema", {{"type", "string"}, {"maxLength", 255}}}});
    return parameters;
}

Json problemContent()
{
    return {{"application/problem+json", {{"schema", reference("schemas", "Problem")}}}};
}

Json commonResponses(bool isExtended)
{
    const auto refusal = [](const char* description) {
        return Json{{"description", description}, {"content", problemContent()}};
    };
    Json responses{{"BadRequest", refusal("A parameter is malformed or given twice; `field` names it.")},
            {"Unauthorized", refusal("No access token, or one that is not valid (any more).")},
            {"Forbidden", refusal("The access token lacks the scope, or the page that asks is of a foreign origin.")},
            {"NotFound", refusal("There is no such endpoint or source, or it is switched off.")},
            {"UpgradeRequired", refusal("This is a WebSocket, of version 13.")},
            {"UnsupportedMedia", refusal("The body is compressed; it is taken as it is.")},
            {"Other", refusal("Any other refusal; `detail` says what was expected.")},
            {"TooLarge", refusal("The body is larger than 32 MiB, a datapoint than 1 MiB, or there are more than 100,000.")},
            {"Unavailable", refusal("Too much is waiting, or the disk is full; see Retry-After.")}};
    if (isExtended) {
        responses["Conflict"] = refusal("A request with this Idempotency-Key is being stored at the moment; see Retry-After.");
        responses["OtherBody"] = refusal("With a token: the Idempotency-Key was used for another body.");
    }
    return responses;
}

Json problemSchema()
{
    const Json text{{"type", "string"}};
    const Json number{{"type", "integer"}};
    return {{"type", "object"},
            {"description", "RFC 9457"},
            {"properties",
             {{"type", text}, {"title", text}, {"status", number}, {"detail", text}, {"field", text}, {"column", number}}},
            {"required", {"type", "title", "status", "detail"}}};
}

class Description {
public:
    Description(const ServerContext& context, store::Reader& reader, Reads reads, std::string base)
        : context_(context)
        , reader_(reader)
        , catalog_(context.store.catalog())
        , reads_(reads)
        , base_(std::move(base))
    {
    }

    Expected<Json> document()
    {
        Json paths = Json::object();
        Json schemas{{"Problem", problemSchema()}};
        for (const auto& [id, endpoint] : catalog_->endpoints) {
            if (!endpoint.enabled || (endpoint.requiredScope && reads_ == Reads::Everyone))
                continue;
            const auto [item, isNew] = items_.try_emplace(endpoint.output, endpoint.id.text + ".Item");
            Expected<Json> schema = isNew ? itemSchema(catalog_->outputs.at(endpoint.output)) : reference("schemas", item->second);
            if (!schema)
                return schema;
            schemas[endpoint.id.text + ".Item"] = std::move(*schema);
            addEndpoint(endpoint, item->second, paths, schemas);
        }
        for (const auto& [name, source] : catalog_->sources) {
            if (source.kind == SourceKind::Http && source.enabled && (!source.requiredScope || reads_ == Reads::Member))
                paths["/data/in/" + name.text] = {{"post", ingestOperation(source)}};
        }
        Json components{{"schemas", std::move(schemas)},
                        {"parameters", commonParameters(isExtended())},
                        {"responses", commonResponses(isExtended())},
                        {"securitySchemes", {{"oauth2", {{"type", "oauth2"}, {"flows", {{"clientCredentials", tokenFlow()}}}}}}}};
        if (isExtended())
            components["headers"] = {{"nextPage", extension({{"description", "The next page of CSV or NDJSON, as rel=\"next\"."},
                                                             {"schema", {{"type", "string"}}}})}};
        return Json{{"openapi", "3.1.0"},
                    {"info", {{"title", catalog_->workspace.name}, {"version", std::to_string(catalog_->version)}}},
                    {"servers", Json::array({Json{{"url", base_}}})},
                    {"paths", std::move(paths)},
                    {"components", std::move(components)}};
    }

private:
    bool isExtended() const { return context_.contract == Contract::Extended; }

    Json tokenFlow() const
    {
        Json scopes = Json::object();
        for (const auto& [name, scope] : catalog_->scopes) {
            if (reads_ == Reads::Member)
                scopes[name.text] = scope.description;
        }
        return {{"tokenUrl", base_ + "/oauth/token"}, {"scopes", std::move(scopes)}};
    }

    static Json security(const std::optional<ScopeName>& scope)
    {
        return scope ? Json::array({Json{{"oauth2", Json::array({scope->text})}}}) : Json::array();
    }

    Expected<Json> itemSchema(const Output& output)
    {
        Shape shape = shapeOfRule(output.rule);
        rules::Payload payload;
        std::string newest;
        int count = 0;
        std::size_t room = mostMembersShown;
        std::size_t bytes = std::min(sampledBytes, sampledBytesLeft_);
        const auto read = reader_.newestFirst(output.key, Timestamp::min(), Timestamp::max(), std::nullopt,
                                              store::oneByOne([&](const Position&, std::string_view item) {
                                                  if (item.size() > bytes && (count > 0 || item.size() > exampleBytes))
                                                      return false;
                                                  const std::size_t taken = std::min(bytes, item.size());
                                                  bytes -= taken;
                                                  sampledBytesLeft_ -= taken;
                                                  if (payload.parse(item))
                                                      shape.add(payload, 0, room);
                                                  if (newest.empty() && item.size() <= exampleBytes)
                                                      newest = item;
                                                  return ++count < sampledItems;
                                              }));
        if (!read)
            return fail(read.error());
        Json schema = shape.schema();
        schema["description"] = "What the output “" + output.name.text +
                                "” makes of a datapoint; types that its rule leaves open are those of the newest " +
                                std::to_string(sampledItems) + " items.";
        // One with a number that no double holds cannot be shown.
        if (Json example = Json::parse(newest, nullptr, false); reads_ == Reads::Member && !example.is_discarded())
            schema["examples"] = Json::array({std::move(example)});
        return schema;
    }

    void addEndpoint(const Endpoint& endpoint, const std::string& itemName, Json& paths, Json& schemas) const
    {
        const std::string path = "/data/out/" + endpoint.id.text;
        schemas[endpoint.id.text + ".Page"] = pageSchema(itemName);
        paths[path] = {{"get", pageOperation(endpoint)}};
        paths[path + "/stream"] = {{"get", streamOperation(endpoint, "A WebSocket: each new item is one text message.",
                                                           {{"101", {{"description", "The stream follows."}}}})}};
        if (!isExtended())
            return;
        const Json events{{"200",
                           {{"description", "Server-Sent Events, one per item; `id` is where to go on."},
                            {"content", {{"text/event-stream", {{"schema", {{"type", "string"}}}}}}}}}};
        paths[path + "/events"] = {{"get", extension(streamOperation(endpoint, "The same as Server-Sent Events.", events))}};
    }

    Json pageSchema(const std::string& itemName) const
    {
        Json properties{{"data", {{"type", "array"}, {"items", reference("schemas", itemName)}}},
                        {"next_page", {{"type", {"string", "null"}}, {"format", "uri"}}}};
        if (isExtended()) {
            properties["times"] = extension({{"type", "array"}, {"items", {{"type", "number"}}}});
            properties["live"] = extension({{"type", "string"}});
        }
        return {{"type", "object"}, {"properties", std::move(properties)}, {"required", {"data", "next_page"}}};
    }

    Json pageOperation(const Endpoint& endpoint) const
    {
        Json parameters = Json::array();
        for (const char* name : {"from", "to", "limit", "cursor"})
            parameters.push_back(reference("parameters", name));
        Json content{{"application/json", {{"schema", reference("schemas", endpoint.id.text + ".Page")}}}};
        if (isExtended()) {
            parameters.push_back(reference("parameters", "times"));
            content["text/csv"] = extension({{"schema", {{"type", "string"}}}});
            content["application/x-ndjson"] = extension({{"schema", {{"type", "string"}}}});
        }
        Json page{{"description", "Items, newest first, and where older ones are."}, {"content", std::move(content)}};
        if (isExtended())
            page["headers"] = {{"Link", reference("headers", "nextPage")}};
        Json responses{{"200", std::move(page)}};
        addRefusals(endpoint.requiredScope, responses);
        return {{"operationId", "page-" + endpoint.id.text},
                {"summary", "Items, newest first"},
                {"parameters", std::move(parameters)},
                {"responses", std::move(responses)},
                {"security", security(endpoint.requiredScope)}};
    }

    Json streamOperation(const Endpoint& endpoint, const char* summary, Json responses) const
    {
        Json parameters = Json::array();
        if (isExtended()) {
            for (const char* name : {"streamFrom", "streamCursor", "streamTimes"})
                parameters.push_back(reference("parameters", name));
        }
        if (endpoint.requiredScope)
            parameters.push_back(reference("parameters", "accessToken"));
        addRefusals(endpoint.requiredScope, responses);
        const bool events = responses.contains("200");
        if (!events) {
            responses["403"] = reference("responses", "Forbidden");
            responses["426"] = reference("responses", "UpgradeRequired");
        }
        return {{"operationId", (events ? "events-" : "stream-") + endpoint.id.text},
                {"summary", summary},
                {"parameters", std::move(parameters)},
                {"responses", std::move(responses)},
                {"security", security(endpoint.requiredScope)}};
    }

    Json ingestOperation(const Source& source) const
    {
        Json parameters = Json::array();
        if (isExtended())
            parameters.push_back(reference("parameters", "idempotencyKey"));
        const Json object{{"type", "object"}};
        const Json body{{"required", true},
                        {"content",
                         {{"application/json", {{"schema", {{"oneOf", {object, Json{{"type", "array"}, {"items", object}}}}}}}},
                          {"application/x-ndjson", {{"schema", {{"type", "string"}}}}}}}};
        const Json accepted{
            {"type", "object"}, {"properties", {{"accepted", {{"type", "integer"}}}}}, {"required", Json::array({"accepted"})}};
        Json responses{{"200",
                        {{"description", "All datapoints are stored durably."},
                         {"content", {{"application/json", {{"schema", accepted}}}}}}},
                       {"403", reference("responses", "Forbidden")},
                       {"413", reference("responses", "TooLarge")},
                       {"415", reference("responses", "UnsupportedMedia")},
                       {"503", reference("responses", "Unavailable")}};
        if (isExtended()) {
            responses["409"] = reference("responses", "Conflict");
            responses["422"] = reference("responses", "OtherBody");
        }
        addRefusals(source.requiredScope, responses);
        return {
            {"operationId", "send-" + source.name.text}, {"summary", "Sends datapoints: one object, an array of them, or NDJSON"},
            {"parameters", std::move(parameters)},       {"requestBody", body},
            {"responses", std::move(responses)},         {"security", security(source.requiredScope)}};
    }

    static void addRefusals(const std::optional<ScopeName>& scope, Json& responses)
    {
        responses["400"] = reference("responses", "BadRequest");
        if (scope) {
            responses["401"] = reference("responses", "Unauthorized");
            responses["403"] = reference("responses", "Forbidden");
        }
        responses["404"] = reference("responses", "NotFound");
        responses["default"] = reference("responses", "Other");
    }

    const ServerContext& context_;
    store::Reader& reader_;
    std::shared_ptr<const Catalog> catalog_;
    const Reads reads_;
    const std::string base_;
    std::size_t sampledBytesLeft_ = sampledBytesInAll;
    std::map<OutputId, std::string> items_; ///< the schema of an output's items, named after its first endpoint
};

} // namespace

Response openApiAnswer(const ServerContext& context, store::Reader& reader, const std::string& base, Reads reads)
{
    const Expected<Json> document = Description(context, reader, reads, base).document();
    if (!document)
        return problemResponse(document.error());
    Response response = jsonResponse(200, *document);
    response.with("Cache-Control", "no-cache").with("Vary", "Authorization");
    return response;
}

} // namespace iotman::server
