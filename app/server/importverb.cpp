// `import FILE… --source NAME`
#include "app/server/folderapi.h"
#include "app/server/rowsender.h"
#include "app/server/verbs.h"
#include "core/model/shown.h"

#include <cstdio>

namespace iotman {

Expected<int> importRows(const ImportArguments& arguments, const World& world)
{
    const auto api = FolderApi::open(arguments.folder, FolderApi::Missing::Refused, world.clock, world.random);
    if (!api)
        return fail(api.error());
    const auto refuse = [](const RowPiece::Refused& row) {
        std::fprintf(stderr, "%s:%lld: %s\n", row.file.c_str(), static_cast<long long>(row.line), inOneLine(row.reason).c_str());
    };
    RowSender sender(**api, arguments.source, arguments.skipBad ? BadRows::Skip : BadRows::RefuseAll, world.clock);
    const Expected<RowSender::Sent> sent = sender.send(arguments.files, arguments.choices, RowSender::Again::Yes, refuse);
    if (!sent)
        return fail(sent.error());
    const bool failed = sent->refused > 0 && !arguments.skipBad;
    return printLine("accepted " + std::to_string(sent->accepted) + " refused " + std::to_string(sent->refused)).map([&] {
        return failed ? exitFailed : exitDone;
    });
}

} // namespace iotman
