#include "app/server/verbs.h"

#include "app/server/folderapi.h"
#include "core/model/encoding.h"
#include "core/server/imports.h"
#include "core/server/keyring.h"
#include "core/server/outgoingsecrets.h"
#include "core/server/snapshots.h"
#include "core/store/check.h"
#include "core/store/datafolder.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace iotman {

namespace {

using Missing = FolderApi::Missing;

/// Opens the folder's API and gives what `use` makes of it.
template <class Use>
Expected<int> with(const std::filesystem::path& folder, Missing missing, const World& world, const Use& use)
{
    return FolderApi::open(folder, missing, world.clock, world.random)
        .and_then([&](const std::unique_ptr<FolderApi>& api) -> Expected<int> { return use(*api); });
}

std::string textOf(const Json& json, const char* member)
{
    const auto found = json.find(member);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The id of the member with this address.
Expected<std::string> memberId(FolderApi& api, const std::string& email)
{
    const Expected<Email> wanted = Email::parse(email, "--member");
    if (!wanted)
        return fail(wanted.error());
    const Expected<Json> members = api.list("members");
    if (!members)
        return fail(members.error());
    for (const Json& member : *members) {
        if (textOf(member, "email") == wanted->text)
            return textOf(member, "id");
    }
    return fail(Problem::NotFound, "there is no member “" + wanted->text + "”");
}

Expected<int> listSnapshots(FolderApi& api)
{
    const Expected<Json> list = api.list("snapshots");
    if (!list)
        return fail(list.error());
    for (const Json& one : *list) {
        const std::string bytes = one.contains("bytes") ? one["bytes"].dump() : "0";
        const std::string at = timeIn(one.value("created_at", Json())).value_or(Timestamp{}).iso();
        if (auto printed = printLine(textOf(one, "name") + " " + at + " " + bytes); !printed)
            return fail(printed.error());
    }
    return exitDone;
}

} // namespace

Expected<void> printText(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        return fail(Problem::Internal, std::string("standard output cannot be written: ") + std::strerror(errno));
    return {};
}

Expected<void> printLine(const std::string& line)
{
    return printText(line + "\n");
}

Expected<int> exportFile(const ExportArguments& arguments, const World& world)
{
    return with(arguments.folder, Missing::Refused, world, [](FolderApi& api) -> Expected<int> {
        const Expected<std::string> file = api.call("GET", "workspace/file");
        if (!file)
            return fail(file.error());
        return printText(*file).map([] { return exitDone; });
    });
}

Expected<int> addMember(const MemberArguments& arguments, const World& world)
{
    return with(arguments.folder, Missing::Made, world, [&](FolderApi& api) -> Expected<int> {
        const Expected<Json> member =
            api.json("POST", "members", {{"email", arguments.email.text}, {"role", text(arguments.role)}});
        if (!member)
            return fail(member.error());
        if (auto printed = printLine(textOf(*member, "email") + " " + textOf(*member, "key")); !printed) {
            // A member whose key nobody has seen is of no use, and in the way of the next attempt.
            (void)api.call("DELETE", "members/" + percentEncoded(textOf(*member, "id")));
            return fail(printed.error());
        }
        return exitDone;
    });
}

Expected<int> mintToken(const TokenArguments& arguments, const World& world)
{
    return with(arguments.folder, Missing::Refused, world, [&](FolderApi& api) -> Expected<int> {
        std::string path = "clients/" + percentEncoded(arguments.client);
        if (!arguments.member.empty()) {
            const Expected<std::string> id = memberId(api, arguments.member);
            if (!id)
                return fail(id.error());
            path = "members/" + percentEncoded(*id);
        }
        const Expected<Json> token = api.json("POST", path + "/token");
        if (!token)
            return fail(token.error());
        return printLine(textOf(*token, "access_token")).map([] { return exitDone; });
    });
}

Expected<int> snapshot(const SnapshotArguments& arguments, const World& world)
{
    using Do = SnapshotArguments::Do;
    return with(arguments.folder, Missing::Refused, world, [&](FolderApi& api) -> Expected<int> {
        const std::string path = "snapshots/" + percentEncoded(arguments.name);
        Expected<Json> done = Json(nullptr);
        switch (arguments.what) {
        case Do::Save:
            done = api.json("POST", "snapshots", {{"name", arguments.name}});
            break;
        case Do::Restore:
            done = api.json("POST", path + "/restore");
            break;
        case Do::Reset:
            done = api.json("POST", "snapshots/reset");
            break;
        case Do::Delete:
            done = api.json("DELETE", path);
            break;
        case Do::List:
            return listSnapshots(api);
        }
        return done.map([](const Json&) { return exitDone; });
    });
}

Expected<int> check(const CheckArguments& arguments)
{
    // Who may not look into the folder must not be told that it is empty.
    if (const auto readable = store::readHolder(arguments.folder); !readable)
        return fail(readable.error());
    const auto report = store::check(arguments.folder);
    if (!report)
        return fail(report.error());
    if (auto keys = server::KeyRing::check(arguments.folder); !keys)
        return fail(keys.error());
    if (auto secrets = server::OutgoingSecrets::open(arguments.folder); !secrets)
        return fail(secrets.error());
    if (auto imports = server::Imports::check(arguments.folder); !imports)
        return fail(imports.error());
    if (auto snapshots = server::checkSnapshots(arguments.folder); !snapshots)
        return fail(snapshots.error());
    return printLine("ok " + std::to_string(report->datapoints) + " datapoints " + std::to_string(report->items) + " items")
        .map([] { return exitDone; });
}

} // namespace iotman
