// Small files that only their owner may read (mode 0600 whatever the umask).
#pragma once

#include "core/model/error.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace iotman::server {

enum class Created { Yes, Existed };

/// Writes `content` durably under a name that did not exist; of two that try at once, one wins and the other gets Existed.
Expected<Created> createPrivateFile(const std::filesystem::path& file, std::string_view content);
inline constexpr std::size_t mostPrivateBytes = std::size_t(1024) * 1024;
/// Replaces the file in one step: readers see the old or the new content, whole. Errors: Conflict beyond `mostPrivateBytes`, which
/// would never be read again.
Expected<void> replacePrivateFile(const std::filesystem::path& file, std::string_view content);
Expected<std::string> readPrivateFile(const std::filesystem::path& file);
/// Removes what programs that were killed while they wrote such files left in `folder`. Only where nobody else writes there.
void removeUnfinishedFiles(const std::filesystem::path& folder);

} // namespace iotman::server
