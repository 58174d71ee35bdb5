#include "core/client/audit.h"

#include "core/model/resources.h"

namespace iotman::client {

namespace {

Json valueOf(const Json* json)
{
    return json ? *json : Json(nullptr);
}

Expected<AuditEntry> entryFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    AuditEntry entry;
    entry.at = reader.time("at").value_or(Timestamp{});
    entry.who = reader.text("who");
    entry.kind = reader.requiredText("kind");
    entry.id = reader.text("id");
    entry.before = valueOf(reader.any("before"));
    entry.after = valueOf(reader.any("after"));
    return reader.finish().map([&] { return entry; });
}

/// A value that is no object counts as one member without a name.
Json asObject(const Json& value)
{
    if (value.is_object())
        return value;
    return value.is_null() ? Json::object() : Json{{"", value}};
}

std::string textOf(const Json& object, const std::string& member)
{
    const auto found = object.find(member);
    return found == object.end() ? std::string() : jsonText(*found);
}

} // namespace

Expected<AuditPage> auditPageFrom(const Json& json)
{
    return listFrom<AuditEntry>(json, &entryFrom).map([](ListOf<AuditEntry> list) {
        return AuditPage{std::move(list.data), std::move(list.nextPage)};
    });
}

std::vector<AuditDifference> differences(const AuditEntry& entry)
{
    const Json before = asObject(entry.before);
    const Json after = asObject(entry.after);
    std::vector<AuditDifference> found;
    const auto note = [&](const std::string& member) {
        AuditDifference difference{member, textOf(before, member), textOf(after, member)};
        if (difference.before != difference.after)
            found.push_back(std::move(difference));
    };
    for (const auto& [member, value] : before.items())
        note(member);
    for (const auto& [member, value] : after.items()) {
        if (!before.contains(member))
            note(member);
    }
    return found;
}

} // namespace iotman::client
