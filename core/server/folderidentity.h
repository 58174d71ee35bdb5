// What tells a data folder from every other.
#pragma once

#include "core/model/clock.h"

#include <filesystem>
#include <string>

namespace iotman::server {

/// A secret of this very folder, the same at each start and another one in a copy of it. It lies in `folder-identity.json` there;
/// where that cannot be written it is another one at the next start, too.
std::string folderIdentity(const std::filesystem::path& folder, Random& random);

} // namespace iotman::server
