// A workspace behind a fake server: enough of the management and data API for a window to work with.
#pragma once

#include "core/model/resources.h"
#include "core/model/testweather.h"
#include "tests/core/client/fakeserver.h"
#include "ui/pages/connection.h"

#include <map>

namespace iotman::ui {

/// Answers from the values below, and changes them as it is asked to. Roles are enforced as the real server does.
class FakeWorkspace {
public:
    FakeWorkspace();

    ConnectionInfo connection(Environment environment = Environment::Local) const;

    client::FakeServer server;
    Role own = Role::Admin; ///< of the member who signs in
    std::vector<EndpointView> endpoints;
    std::vector<OutputView> outputs;
    std::vector<ScopeView> scopes;
    std::vector<SourceView> sources;
    std::vector<ClientView> clients;
    std::vector<MemberView> members;
    std::vector<std::string> audit; ///< entries as JSON, newest first
    std::vector<std::string> keyIds{"key-1"};
    std::vector<WeatherView> weather;
    std::optional<std::int64_t> weatherLastsUs; ///< as it was asked for last
    bool knowsWeather = true;
    bool refusesWeather = false;
    int secretsMade = 0;
    std::map<std::string, std::vector<std::string>> datapoints; ///< payloads by source, newest first
    CorsOrigins cors;
    int corsVersion = 1;
    int pagesOf = 250;                ///< how many items every endpoint has
    bool down = false;                ///< every answer is a 503
    std::int64_t now = 1'700'000'000; ///< Unix seconds of the newest item

    EndpointView& addEndpoint(const std::string& output, const std::string& id, const std::optional<std::string>& scope = {});
    OutputView& addOutput(const std::string& name, const std::string& rule, std::int64_t items);
    /// A source whose newest datapoints these are, the newest first, a second apart.
    void addSource(const std::string& name, const std::vector<std::string>& payloads);
    void addScope(const std::string& name, const std::string& description, const std::vector<std::string>& clients = {});
    ClientView& addClient(const std::string& id, const std::string& name, const std::vector<std::string>& scopes = {});
    MemberView& addMember(const std::string& email, Role role);

private:
    client::FakeAnswer answer(const client::FakeRequest& request);
    client::FakeAnswer token(const client::FakeRequest& request) const;
    client::FakeAnswer page(const client::FakeRequest& request, const std::string& id) const;
    client::FakeAnswer endpointsCall(const client::FakeRequest& request, const std::string& id);
    client::FakeAnswer outputsCall(const client::FakeRequest& request, const std::string& rest);
    client::FakeAnswer sourcesCall(const client::FakeRequest& request, const std::string& rest) const;
    client::FakeAnswer scopesCall(const client::FakeRequest& request, const std::string& name);
    client::FakeAnswer clientsCall(const client::FakeRequest& request, const std::string& rest);
    client::FakeAnswer membersCall(const client::FakeRequest& request, const std::string& rest);
    client::FakeAnswer auditCall(const client::FakeRequest& request) const;
    std::string newSecret();
    client::FakeAnswer description(const client::FakeRequest& request) const;
    client::FakeAnswer weatherCall(const client::FakeRequest& request, const std::string& id);
    client::FakeAnswer corsCall(const client::FakeRequest& request);
    Role roleOf(const client::FakeRequest& request) const;
    std::string base() const;
};

} // namespace iotman::ui
