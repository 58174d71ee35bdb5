// /api/snapshots
#include "core/server/managementanswers.h"
#include "core/server/snapshots.h"

#include <cstdio>

namespace iotman::server {

namespace {

Json toJson(const SnapshotFacts& facts)
{
    return {{"name", facts.name.text}, {"created_at", timeJson(facts.createdAt)}, {"bytes", facts.bytes}};
}

/// Without a name, the moment is one: `20260131-065500`.
SnapshotName nameOf(Timestamp now)
{
    const CivilTime at = civilFromTimestamp(now);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04lld%02d%02d-%02d%02d%02d", static_cast<long long>(at.year), at.month, at.day,
                  at.hour, at.minute, at.second);
    return {text.data()};
}

/// Nothing where the caller gives none.
Expected<std::optional<SnapshotName>> nameFrom(const ManagementCall& call)
{
    if (call.request.body.empty())
        return std::optional<SnapshotName>();
    const Expected<Json> json = parseJson(call.request.body);
    if (!json)
        return fail(json.error());
    ObjectReader reader(*json);
    const auto name = reader.optionalParsed<SnapshotName>("name");
    return reader.finish().map([&] { return name; });
}

/// As nameOf, with a number behind it where that is taken.
SnapshotName freeName(const Snapshots& snapshots, Timestamp now)
{
    const std::string moment = nameOf(now).text;
    SnapshotName name{moment};
    for (int number = 2; snapshots.find(name); ++number)
        name.text = moment + "-" + std::to_string(number);
    return name;
}

/// Of all endpoints: charts read them again.
void tellAllReplaced(ServerContext& context)
{
    for (const auto& [endpoint, resource] : context.store.catalog()->endpoints)
        context.activity.add(HistoryChanged{context.clock.now(), endpoint, std::nullopt, std::nullopt});
}

Response answer(const Expected<SnapshotFacts>& facts)
{
    return facts ? withTag(jsonResponse(200, toJson(*facts)), toJson(*facts)) : problemResponse(facts.error());
}

} // namespace

void Management::listSnapshots(const ManagementCall& call)
{
    const Expected<ListRequest> asked = ListRequest::parse(context_, call);
    if (!asked) {
        call.reply(problemResponse(asked.error()));
        return;
    }
    behind(call, [this, asked = *asked] {
        std::map<std::string, SnapshotFacts> all;
        for (SnapshotFacts& facts : context_.snapshots->list())
            all.emplace(listKey(Listed::NewestFirst, facts.createdAt, facts.name.text), std::move(facts));
        return listAnswer(asked, all, [](const SnapshotFacts& facts) { return toJson(facts); });
    });
}

void Management::postSnapshot(const ManagementCall& call)
{
    const auto given = nameFrom(call);
    if (!given) {
        call.reply(problemResponse(given.error()));
        return;
    }
    behind(call, [this, given = *given, who = call.identity.who] {
        const SnapshotName name = given ? *given : freeName(*context_.snapshots, context_.clock.now());
        const auto facts = context_.snapshots->save(name, who);
        return facts ? created("/api/snapshots/" + name.text, toJson(*facts), toJson(*facts)) : problemResponse(facts.error());
    });
}

void Management::getSnapshot(const ManagementCall& call)
{
    behind(call, [this, id = call.id] {
        return answer(snapshotNamed(id).and_then([&](const Slug& name) { return context_.snapshots->find(name); }));
    });
}

void Management::restoreSnapshot(const ManagementCall& call)
{
    behind(call, [this, id = call.id, who = call.identity.who] {
        const auto restored =
            snapshotNamed(id).and_then([&](const Slug& name) { return context_.snapshots->restore(name, who); });
        if (restored)
            tellAllReplaced(context_);
        return answer(restored);
    });
}

void Management::resetWorkspace(const ManagementCall& call)
{
    behind(call, [this, who = call.identity.who] {
        const Expected<Timestamp> keptAt = context_.snapshots->reset(who);
        if (!keptAt)
            return problemResponse(keptAt.error());
        context_.weather.endAll();
        tellAllReplaced(context_);
        return jsonResponse(200, {{"created_at", timeJson(*keptAt)}});
    });
}

void Management::deleteSnapshot(const ManagementCall& call)
{
    behind(call, [this, id = call.id, who = call.identity.who, preconditions = Preconditions(call)] {
        const auto removed = snapshotNamed(id).and_then([&](const Slug& name) {
            // One that cannot be read any more can be removed still, by who asks for no version.
            const auto isIt = preconditions.given() ? context_.snapshots->find(name).and_then([&](const SnapshotFacts& facts) { return preconditions.check(toJson(facts)); })
                                              : Expected<void>();
            return isIt.and_then([&] { return context_.snapshots->remove(name, who); });
        });
        return removed ? emptyResponse(204) : problemResponse(removed.error());
    });
}

/// What is no name is no snapshot's.
Expected<Slug> Management::snapshotNamed(const std::string& id)
{
    const Expected<Slug> name = Slug::parse(id, "name");
    return name ? name : Expected<Slug>(fail(notFound("snapshot", id)));
}

} // namespace iotman::server
