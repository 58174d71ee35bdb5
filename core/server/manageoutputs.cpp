// /api/outputs
#include "core/server/managementanswers.h"
#include "core/server/views.h"

#include "core/rules/transform.h"

namespace iotman::server {

namespace {

Expected<OutputDraft> checkedOutputDraft(const Json& json)
{
    return outputDraftFrom(json).and_then([](OutputDraft draft) { return pipeline::checkRules(draft).map([&] { return std::move(draft); }); });
}

Expected<void> checkPatch(const Output& output, const OutputPatch& patch)
{
    return pipeline::checkRules({std::nullopt, output.name, {}, patch.filter.value_or(output.filter), patch.rule.value_or(output.rule), false});
}

struct Trial {
    std::string rule;
    std::string filter;
    std::string payload; ///< JSON text
    Timestamp ts;
    std::string source;
};

/// The payload is any JSON and keeps its bytes, so that its numbers keep their digits and repeated members mean what they mean to rules.
Expected<Trial> trialFrom(std::string_view body, Timestamp now)
{
    rules::Payload request;
    if (auto parsed = request.parse(body, rules::greatestEnvelopeDepth); !parsed)
        return fail(parsed.error());
    if (!request.isObject())
        return fail(Problem::BadRequest, "expected an object with a rule and a payload");
    Trial trial;
    Json members = Json::object();
    std::vector<std::uint32_t> keys;
    request.members(0, keys);
    constexpr std::size_t mostNamed = 16; // more than there are: the unknown ones are named
    if (keys.size() > mostNamed)
        return fail(Problem::BadRequest, "expected “rule”, “filter”, “payload”, “ts” and “source” alone, but got " + std::to_string(keys.size()) + " members");
    for (const std::uint32_t key : keys) {
        std::string buffer;
        const std::string name(request.string(key, buffer));
        const std::string_view value = request.text(key + 1);
        if (name == "payload")
            trial.payload = value;
        const Expected<Json> json = name == "payload" ? Expected<Json>(nullptr) : parseJson(value);
        if (!json)
            return fail(json.error());
        members[name] = *json;
    }
    ObjectReader reader(members);
    trial.rule = reader.requiredText("rule");
    trial.filter = reader.optionalText("filter").value_or(std::string());
    trial.ts = reader.time("ts").value_or(now);
    trial.source = reader.optionalText("source").value_or(std::string());
    if (!reader.any("payload"))
        reader.refuse({Problem::BadRequest, "payload: expected any JSON, but it is missing", "payload"});
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    return trial;
}

/// `{"passes","item","error"}` with the item's own bytes.
std::string outcomeText(const rules::Transform& transform, const rules::Payload& payload, const Trial& trial)
{
    std::string item;
    Error error;
    const auto outcome = transform.run(payload, {trial.ts, trial.source, 1}, item, error);
    const bool failed = outcome == rules::Transform::Outcome::Failed;
    const bool passes = outcome == rules::Transform::Outcome::Item || (failed && error.field != "filter");
    Json told = nullptr;
    if (failed)
        told = {{"detail", error.detail}, {"column", error.column > 0 ? Json(error.column) : Json(nullptr)}};
    return std::string("{\"passes\":") + (passes ? "true" : "false") + ",\"item\":" + (item.empty() ? "null" : item) + ",\"error\":" + jsonText(told) + "}";
}

Response outputAnswer(const ServerContext& context, const Output& output)
{
    return withTag(jsonResponse(200, toJson(viewOf(context, output))), storedJson(output));
}

} // namespace

void Management::listOutputs(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->outputs, [&](const Output& output) { return viewOf(context_, output); });
}

void Management::postOutput(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(checkedOutputDraft);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    const auto id = std::make_shared<OutputId>();
    change(
        call,
        [draft = *draft, id](Catalog& catalog, Sequence last, const Author& author) {
            return createOutput(catalog, draft, last, author).map([&](const OutputId& made) { *id = made; });
        },
        [&context = context_, id](const Catalog& catalog) {
            const Output& output = catalog.outputs.at(*id);
            return created("/api/outputs/" + id->text, toJson(viewOf(context, output)), storedJson(output));
        });
}

void Management::testOutput(const ManagementCall& call)
{
    const auto trial = trialFrom(call.request.body, context_.clock.now());
    if (!trial) {
        call.reply(problemResponse(trial.error()));
        return;
    }
    const auto transform = rules::Transform::compile(trial->filter, trial->rule);
    if (!transform) {
        call.reply(problemResponse(transform.error()));
        return;
    }
    rules::Payload payload;
    if (const auto parsed = payload.parse(trial->payload); !parsed) {
        call.reply(problemResponse({Problem::BadRequest, "payload: " + parsed.error().detail, "payload"}));
        return;
    }
    Response response{200, {}, outcomeText(*transform, payload, *trial)};
    response.with("Content-Type", "application/json");
    call.reply(std::move(response));
}

void Management::getOutput(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Output* output = findOrAnswer(catalog->outputs, "output", call))
        call.reply(outputAnswer(context_, *output));
}

void Management::patchOutput(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(outputPatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const OutputId id{call.id};
    change(
        call,
        [id, patch = *patch, preconditions = Preconditions(call)](Catalog& catalog, Sequence last, const Author&) -> Expected<void> {
            return checkVersion(preconditions, catalog.outputs, "output", id.text)
                .and_then([&] { return checkPatch(catalog.outputs.at(id), patch); })
                .and_then([&] { return changeOutput(catalog, id, patch, last); });
        },
        [&context = context_, id](const Catalog& catalog) { return outputAnswer(context, catalog.outputs.at(id)); });
}

void Management::deleteOutput(const ManagementCall& call)
{
    change(call, deletion(call, &Catalog::outputs, "output", iotman::deleteOutput), gone);
}

void Management::cancelApplying(const ManagementCall& call)
{
    const Timestamp now = context_.clock.now();
    context_.store.change(
        call.identity.who, now, [id = OutputId{call.id}](Catalog& catalog, Sequence) { return iotman::cancelApplying(catalog, id); },
        [&store = context_.store, now, who = call.identity.who, id = call.id, reply = call.reply](const Expected<void>& cancelled) {
            if (!cancelled)
                return reply(problemResponse(cancelled.error()));
            // Of the output nothing else has changed than what the store goes by: that alone would leave no trace.
            store.journal(who, now, {"output", id, {}, jsonText({{"applying", "cancelled"}})}, [reply](const Expected<void>& noted) {
                reply(noted ? emptyResponse(204) : problemResponse(noted.error()));
            });
        });
}

} // namespace iotman::server
