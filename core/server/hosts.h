// Under which names this server may be addressed: the guard against DNS rebinding, and the origin of links.
#pragma once

#include "core/model/error.h"
#include "core/server/requesthead.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// An origin as browsers send it: lower case, the scheme's default port dropped; what is no origin, as it is.
std::string plainOrigin(std::string_view origin);

/// Where the server is reached from outside, as the operator says. A value; any thread.
class Hosts {
public:
    /// `names` are further host names or addresses without port (`--host`); `baseUrl` is empty or `scheme://host[:port]` (`--base-url`),
    /// with a path if a proxy adds one; `listened` is what is listened on. Loopback names are always allowed. Errors: BadRequest.
    static Expected<Hosts> make(const std::vector<std::string>& names, const std::string& baseUrl, const std::vector<std::string>& listened = {});

    /// Misdirected (RFC 9110 §15.5.20) unless `host` (with or without port) is one of ours; the address of a connection's own end
    /// is, too (ownaddress.h).
    Expected<void> check(std::string_view host) const;
    /// The same of what a trusted proxy says was asked for. Who gave us no name leaves it to the proxy to know its own.
    Expected<void> checkForwarded(std::string_view host) const;
    /// Misdirected where the target is for https and the request came by another `scheme`, as far as we or the operator know
    /// (RFC 9110 §7.4).
    Expected<void> checkScheme(const RequestHead& head, std::string_view scheme) const;

    /// What links start with: the base URL, else `scheme://host` of the request. No slash at the end.
    std::string base(const RequestHead& head, std::string_view scheme) const;
    void appendBase(const RequestHead& head, std::string_view scheme, std::string& url) const;

    /// The origin as a browser on a page of this very server would send it. That of the base URL is ours under whatever name a
    /// proxy asks; beside it stands the one of the request's own host.
    std::string origin(const RequestHead& head, std::string_view scheme) const;

    const std::string& baseUrl() const { return baseUrl_; }
    /// Its path: empty or `/…`.
    std::string_view basePath() const;

private:
    std::vector<std::string> names_; ///< lower case, without a dot at the end
    std::string baseUrl_;
    bool isNamed_ = false; ///< by --host or --base-url
};

} // namespace iotman::server
