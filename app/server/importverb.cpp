// `import FILE… --source NAME`
#include "app/server/folderapi.h"
#include "app/server/rowsender.h"
#include "app/server/verbs.h"
#include "core/import/words.h"
#include "core/model/shown.h"

#include <cstdio>

namespace iotman {

namespace {

/// The rule by which such times were read, with how many there were.
void tellOddHours(const files::OddHours& odd, const std::string& zone)
{
    std::string told;
    if (odd.skipped > 0)
        told = files::counted(static_cast<std::size_t>(odd.skipped), "time") +
               " in an hour that the clocks skip, moved forward by what they skip";
    if (odd.twice > 0)
        told += (told.empty() ? "" : "; ") + files::counted(static_cast<std::size_t>(odd.twice), "time") +
                " in an hour that comes twice, taken for the earlier";
    if (!told.empty())
        std::fprintf(stderr, "zone %s: %s\n", zone.c_str(), told.c_str());
}

} // namespace

Expected<int> importRows(const ImportArguments& arguments, const World& world)
{
    const auto api = FolderApi::open(arguments.folder, FolderApi::Missing::Refused, world.clock, world.random);
    if (!api)
        return fail(api.error());
    const auto refuse = [](const RowPiece::Refused& row) {
        std::fprintf(stderr, "%s:%lld: %s\n", inOneLine(row.file.string()).c_str(), static_cast<long long>(row.line), inOneLine(row.reason).c_str());
    };
    RowSender sender(**api, arguments.source, arguments.skipBad ? BadRows::Skip : BadRows::RefuseAll, world.clock);
    const Expected<RowSender::Sent> sent = sender.send(arguments.files, arguments.choices, RowSender::Again::Yes, refuse);
    if (!sent)
        return fail(sent.error());
    const bool failed = sent->refused > 0 && !arguments.skipBad;
    if (!failed) {
        for (const std::filesystem::path& file : sent->timeless)
            std::fprintf(stderr, "%s: no column reads as times, so its rows have the time at which they came in. Say --time-column.\n", inOneLine(file.string()).c_str());
        tellOddHours(sent->oddHours, sent->zone);
    }
    return printLine("accepted " + std::to_string(sent->accepted) + " refused " + std::to_string(sent->refused)).map([&] {
        return failed ? exitFailed : exitDone;
    });
}

} // namespace iotman
