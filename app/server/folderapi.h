// The management API of a data folder, whoever holds it.
#pragma once

#include "core/client/network.h"
#include "core/client/tokensource.h"
#include "core/server/service.h"
#include "core/server/signingkey.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace iotman {

/// Speaks to the server that holds a folder, which the folder's lock names; where nobody does, to one of its own that lives as
/// long as this. It signs in with tokens of a minute that it signs with the folder's own key: who can read that key is the
/// folder's admin. One thread, with an application object present; calls block and run that thread's events.
class FolderApi {
public:
    enum class Missing { Refused, Made };
    /// Errors: NotFound when the folder holds no workspace and may not be made, Conflict when what holds it serves nothing,
    /// Unavailable when it does not answer; the service's and the store's.
    /// `workspaceFile`: what a folder starts with that is made; empty: with nothing.
    static Expected<std::unique_ptr<FolderApi>> open(const std::filesystem::path& folder, Missing missing, const Clock& clock,
                                                     Random& random, const std::filesystem::path& workspaceFile = {});

    /// One call below /api; the answer's body. Errors: the server's own, as it told them; Unavailable without an answer.
    Expected<std::string> call(const std::string& method, const std::string& path, std::string body = {});
    /// The same with JSON as the answer; null where it has none.
    Expected<Json> json(const std::string& method, const std::string& path, const Json& body = nullptr);
    /// The elements of a list, of all its pages.
    Expected<Json> list(const std::string& path);

    /// For whoever reads data there: where the server is, and a token for an hour.
    const std::string& url() const { return url_; }
    client::Network& network() { return network_; }
    client::Token dataToken();

private:
    FolderApi(const Clock& clock, Random& random);
    Expected<void> connect(const std::filesystem::path& folder);
    std::string token(std::int64_t seconds);

    const Clock& clock_;
    Random& random_;
    std::unique_ptr<server::Service> own_; ///< where nobody else holds the folder
    std::optional<server::SigningKey> key_; ///< of the server that holds the folder
    std::string url_;
    std::string workspace_; ///< its id: what tokens are for
    client::Network network_;
};

} // namespace iotman
