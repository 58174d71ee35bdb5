// The keys of a workspace: the one that signs, and retired ones that stay published until their last token has expired.
#pragma once

#include "core/model/clock.h"
#include "core/server/signingkey.h"

#include <filesystem>
#include <future>
#include <mutex>
#include <vector>

namespace iotman::server {

/// Keys lie in `signing-key.pem` (PKCS#8, mode 0600) and `retired-keys.json` (public and private parts are not told apart there:
/// mode 0600 as well) of the data folder. Any thread.
class KeyRing {
public:
    /// Reads the keys. A missing one is made on a thread of its own: the ring is usable at once and waits only where a key is needed.
    /// Errors: what keeps the files from being read or written, naming the file.
    static Expected<std::unique_ptr<KeyRing>> open(const std::filesystem::path& folder, const Clock& clock);

    /// The key that signs, for who works on a folder that a server holds: nothing is written. Waits where
    /// the first one is still being made. Errors: as check's.
    static Expected<SigningKey> read(const std::filesystem::path& folder);

    /// Whether what is in the folder could be opened; nothing is written. Errors: Internal, BadRequest, naming the file.
    static Expected<void> check(const std::filesystem::path& folder);

    SigningKey current();
    /// The current key first, then those whose tokens may still live.
    std::vector<PublicKey> published();
    /// Makes a new current key; the old one stays until its last token has expired.
    Expected<SigningKey> rotate();
    /// Rises when the set changes; caches of verified tokens hang on it.
    std::uint64_t generation() const;

private:
    struct Retired {
        PublicKey key; ///< its other half is gone
        Timestamp until;
    };

    KeyRing(std::filesystem::path folder, const Clock& clock);
    Expected<void> readRetired();
    Expected<void> writeRetired(const std::vector<Retired>& all) const;
    void settle(); ///< waits for the key being made; the mutex is held

    const std::filesystem::path folder_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::future<Expected<SigningKey>> making_;
    std::vector<SigningKey> current_; ///< one, or none while it is being made
    std::vector<Retired> retired_;
    std::uint64_t generation_ = 0;
};

} // namespace iotman::server
