// /api/imports: rows staged, then committed together.
#include "core/import/splitbody.h"
#include "core/model/query.h"
#include "core/model/shown.h"
#include "core/rules/decimal.h"
#include "core/server/background.h"
#include "core/server/historywatch.h"
#include "core/server/imports.h"
#include "core/server/managementanswers.h"

#include <charconv>
#include <tuple>

namespace iotman::server {

namespace {

Json toJson(const StagedImport& import)
{
    return {{"id", import.id},
            {"source", import.source.text},
            {"name", import.name},
            {"rows", import.rows},
            {"state", import.accepted ? "committed" : "open"},
            {"accepted", import.accepted ? Json(*import.accepted) : Json(nullptr)},
            {"created_at", timeJson(import.createdAt)},
            {"created_by", import.createdBy}};
}

struct ImportDraft {
    SourceName source;
    std::string name;
    std::string once;
};

Expected<ImportDraft> draftFrom(const Json& json)
{
    ObjectReader reader(json);
    ImportDraft draft{reader.parsed<SourceName>("source"), reader.text("name"), reader.text("once")};
    // A file's, say: it may hold what no line of a list can show.
    draft.name = inOneLine(draft.name);
    constexpr std::size_t longestName = 256;
    if (draft.name.size() > longestName)
        reader.refuse(
            Error{Problem::BadRequest, "name: expected at most " + std::to_string(longestName) + " bytes", "name", 0, "/name"});
    if (draft.once.size() > longestName)
        reader.refuse(
            Error{Problem::BadRequest, "once: expected at most " + std::to_string(longestName) + " bytes", "once", 0, "/once"});
    return reader.finish().map([&] { return std::move(draft); });
}

Expected<std::int64_t> rowsBefore(const ManagementCall& call)
{
    const auto given = QueryParameters::parse(call.request.head.query()).once("at");
    if (!given)
        return fail(given.error());
    std::int64_t at = -1;
    if (*given) {
        const std::string& text = **given;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
        if (error != std::errc() || end != text.data() + text.size())
            at = -1;
    }
    if (at < 0)
        return fail(Problem::BadRequest, "at: expected the number of rows staged so far, " + (*given ? "but got " + shown(**given) : "but it is missing"), "at");
    return at;
}

/// `{"time":…,"payload":{…}}`; without a time the source decides as it does for what is posted to it.
class RowReader {
public:
    RowReader(const pipeline::CompiledSource* source, std::string_view name, Timestamp arrival)
        : source_(source)
        , name_(name)
        , arrival_(arrival)
    {
    }

    Expected<void> read(std::string_view row, store::Batch& rows)
    {
        if (auto parsed = row_.parse(row, files::envelopeLimits.depth); !parsed)
            return parsed;
        std::optional<std::uint32_t> time;
        std::optional<std::uint32_t> payload;
        keys_.clear();
        row_.members(0, keys_);
        for (const std::uint32_t key : keys_) {
            const std::string_view member = row_.string(key, buffer_);
            if (member == "time")
                time = key + 1;
            else if (member == "payload")
                payload = key + 1;
            else
                return fail(Problem::BadRequest, "expected “time” and “payload”, but got “" + std::string(member) + "”");
        }
        if (!payload)
            return fail(Problem::BadRequest, "payload: expected an object, but it is missing", "payload");
        if (row_.node(*payload).kind != rules::Payload::Kind::Object)
            return fail(Problem::BadRequest, "payload: expected an object, but got " + shown(row_.text(*payload)), "payload");
        const std::string_view text = row_.text(*payload);
        if (text.size() > files::largestObject)
            return fail(Problem::TooLarge, "payload: expected an object of at most 1 MiB, but this one is larger", "payload");
        const Expected<Timestamp> at = time ? timeIn(*time) : timeOf(text);
        if (!at)
            return fail(at.error());
        rows.payloads += text;
        rows.datapoints.push_back({*at, rows.payloads.size()});
        return {};
    }

private:
    Expected<Timestamp> timeIn(std::uint32_t node)
    {
        const auto kind = row_.node(node).kind;
        if (kind == rules::Payload::Kind::Number)
            return secondsIn(row_.text(node));
        if (kind == rules::Payload::Kind::String)
            return Timestamp::parseIso(row_.string(node, buffer_)).map_error([](const Error& error) { return Error(error).at("time"); });
        return fail(Problem::BadRequest, "time: expected Unix seconds or a text in ISO 8601 with a zone, but got " + shown(row_.text(node)), "time");
    }

    /// As the time expression of a source reads numbers; the usual spelling without arithmetic.
    static Expected<Timestamp> secondsIn(std::string_view number)
    {
        Expected<Timestamp> plain = Timestamp::parseSeconds(number, "time");
        if (plain)
            return plain;
        const auto any = rules::Decimal::parse(number);
        const Expected<Timestamp> cut = any ? any->toTimestamp() : plain;
        return cut && cut->us > -secondsLimit * Timestamp::usPerSecond ? cut : plain;
    }

    Expected<Timestamp> timeOf(std::string_view payload)
    {
        if (!source_ || !source_->time)
            return arrival_;
        if (!*source_->time)
            return fail((*source_->time).error());
        return payload_.parse(payload).and_then([&] { return (*source_->time)->evaluate(payload_, {arrival_, name_, 0}); });
    }

    const pipeline::CompiledSource* source_;
    std::string_view name_;
    Timestamp arrival_;
    rules::Payload row_;
    rules::Payload payload_;
    std::vector<std::uint32_t> keys_;
    std::string buffer_;
};

Expected<store::Batch> rowsFrom(std::string_view body, RowReader reader)
{
    const Expected<files::Body> split = files::splitBody(body, files::envelopeLimits);
    if (!split)
        return fail(split.error());
    store::Batch rows;
    rows.payloads.reserve(body.size());
    rows.datapoints.reserve(split->objects.size());
    for (const files::Slice& slice : split->objects) {
        if (auto read = reader.read(slice.text, rows); !read)
            return fail(files::placedInBody(body, split->shape, slice, read.error()));
    }
    return rows;
}

/// The endpoints that serve what came from the source have more of the past now.
void tellHistoryChanged(ServerContext& context, const StagedImport& import)
{
    HistoryChanged news{context.clock.now(), {}, std::nullopt, std::nullopt};
    if (import.range)
        std::tie(news.from, news.to) = *import.range;
    for (const EndpointId& id : endpointsOf(*context.store.catalog(), import.source)) {
        news.endpoint = id;
        context.activity.add(news);
    }
}

Expected<void> journal(ServerContext& context, const std::string& who, const std::string& id, const Json& told)
{
    return store::await<void>([&](store::Reply<void> reply) {
        context.store.journal(who, context.clock.now(), {"import", id, {}, jsonText(told)}, std::move(reply));
    });
}

} // namespace

void Management::behind(const ManagementCall& call, std::function<Response()> work)
{
    if (!context_.background->post([reply = call.reply, work = std::move(work)] { reply(work()); }, call.request.body.size()))
        call.reply(busy());
}

void Management::listImports(const ManagementCall& call)
{
    const Expected<ListRequest> asked = ListRequest::parse(context_, call);
    if (!asked) {
        call.reply(problemResponse(asked.error()));
        return;
    }
    behind(call, [this, asked = *asked] {
        std::map<std::string, StagedImport> all;
        for (StagedImport& import : context_.imports->list())
            all.emplace(listKey(Listed::OldestFirst, import.createdAt, import.id), std::move(import));
        return listAnswer(asked, all, [](const StagedImport& import) { return toJson(import); });
    });
}

void Management::postImport(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(draftFrom);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    behind(call, [this, draft = *draft, who = call.identity.who] {
        const auto import = context_.imports->create(draft.source, draft.name, draft.once, who);
        if (import) {
            const auto noted = journal(context_, who, import->id, {{"source", import->source.text}, {"name", import->name}, {"state", import->accepted ? "committed" : "open"}});
            return noted ? created("/api/imports/" + import->id, toJson(*import), toJson(*import)) : problemResponse(noted.error());
        }
        // The path is there; what the body names is not.
        const bool unknown = import.error().kind == Problem::NotFound;
        return problemResponse(unknown ? Error{Problem::BadRequest, "source: " + import.error().detail, "source", 0, "/source"}
                                       : import.error());
    });
}

void Management::getImport(const ManagementCall& call)
{
    behind(call, [this, id = call.id] {
        const auto import = context_.imports->find(id);
        return import ? withTag(jsonResponse(200, toJson(*import)), toJson(*import)) : problemResponse(import.error());
    });
}

void Management::postImportRows(const ManagementCall& call)
{
    const Expected<std::int64_t> at = rowsBefore(call);
    if (!at) {
        call.reply(problemResponse(at.error()));
        return;
    }
    const auto body = std::make_shared<const std::string>(call.request.body);
    behind(call, [this, id = call.id, at = *at, body] {
        const auto import = context_.imports->find(id);
        if (!import)
            return problemResponse(import.error());
        const std::shared_ptr<const pipeline::Compiled> compiled = context_.pipeline.compiled();
        auto rows = rowsFrom(*body, RowReader(compiled->source(import->source), import->source.text, context_.clock.now()));
        if (!rows)
            return problemResponse(rows.error());
        const auto staged = context_.imports->addRows(id, at, std::move(*rows));
        if (staged)
            return jsonResponse(200, {{"rows", staged->rows}});
        if (staged.error().kind != Problem::Conflict)
            return problemResponse(staged.error());
        Json problem = iotman::toJson(staged.error());
        problem["rows"] = import->rows;
        Response response = problemResponse(staged.error());
        response.body = jsonText(problem);
        return response;
    });
}

void Management::commitImport(const ManagementCall& call)
{
    behind(call, [this, id = call.id, who = call.identity.who] {
        const auto before = context_.imports->find(id);
        const auto import = context_.imports->commit(id);
        if (!import)
            return problemResponse(import.error());
        if (before && !before->accepted) {
            if (*import->accepted > 0)
                tellHistoryChanged(context_, *import);
            const auto noted = journal(context_, who, id, {{"source", import->source.text}, {"name", import->name}, {"accepted", *import->accepted}});
            if (!noted)
                return problemResponse(noted.error());
        }
        return jsonResponse(200, {{"id", import->id}, {"state", "committed"}, {"accepted", *import->accepted}});
    });
}

void Management::deleteImport(const ManagementCall& call)
{
    behind(call, [this, id = call.id, who = call.identity.who, preconditions = Preconditions(call)] {
        const auto import = context_.imports->find(id);
        const auto discarded = import.and_then([&](const StagedImport& found) { return preconditions.check(toJson(found)); })
                                   .and_then([&] { return context_.imports->discard(id); })
                                   .and_then([&] {
                                       return journal(context_, who, id, {{"source", import->source.text}, {"name", import->name}, {"discarded", import->rows}});
                                   });
        return discarded ? emptyResponse(204) : problemResponse(discarded.error());
    });
}

} // namespace iotman::server
