#include "core/server/folderidentity.h"

#include "core/model/json.h"
#include "core/server/privatefile.h"

#include <sys/stat.h>

namespace iotman::server {

std::string folderIdentity(const std::filesystem::path& folder, Random& random)
{
    const std::filesystem::path file = folder / "folder-identity.json";
    struct stat here = {};
    // A copy has the file as well, but lies elsewhere.
    const std::string place = ::stat(folder.c_str(), &here) == 0 ? std::to_string(here.st_ino) : std::string();
    const Expected<Json> kept = readPrivateFile(file).and_then([](const std::string& text) { return parseJson(text); });
    if (kept) {
        ObjectReader reader(*kept, UnknownMembers::Ignored);
        const std::string secret = reader.requiredText("secret");
        if (const bool isHere = reader.requiredText("folder") == place; reader.finish() && isHere && !secret.empty())
            return secret;
    }
    const std::string secret = random.secret();
    (void)replacePrivateFile(file, jsonText({{"folder", place}, {"secret", secret}}) + "\n");
    return secret;
}

} // namespace iotman::server
