// Secrets for services elsewhere, as mirrors sign in there: in clear, in one file of their own, and nowhere else.
#pragma once

#include "core/model/catalog.h"
#include "core/model/workspacefile.h"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

/// `outgoing.secrets` in the data folder (0600): who can read the folder's signing key can read it as well. Each secret belongs to
/// one mirror and to the sign-in that it was given for: with another token endpoint or client it is not used. Any thread.
class OutgoingSecrets {
public:
    /// Errors: Internal where the file cannot be read.
    static Expected<std::unique_ptr<OutgoingSecrets>> open(const std::filesystem::path& dataFolder);

    /// Called after each change, on the thread that made it. Set once, before the first.
    void setListener(std::function<void()> listener) { listener_ = std::move(listener); }

    /// Keeps the secrets of mirrors that `catalog` holds, durably and all at once. Errors: NoSpace, Internal; then none is kept.
    Expected<void> keep(const Catalog& catalog, const std::vector<NewOutgoingSecret>& given);
    /// Forgets what belongs to no mirror of `catalog`. Where the file cannot be written, it is tried again at the next call.
    void prune(const Catalog& catalog);

    /// The secret with which `mirror` signs in; nothing where none is kept for it.
    std::optional<std::string> of(const Source& mirror) const;

private:
    struct Kept {
        MirrorSettings::SignIn signIn;
        std::string value;
        bool operator==(const Kept&) const = default;
    };
    using All = std::map<SourceKey, Kept>;

    explicit OutgoingSecrets(std::filesystem::path file)
        : file_(std::move(file))
    {
    }
    Expected<void> read();
    Expected<void> replace(const All& all);

    const std::filesystem::path file_;
    std::function<void()> listener_;
    mutable std::mutex mutex_;
    All all_;
};

} // namespace iotman::server
