// Grafana's Infinity data source (yesoreyeram-infinity-datasource): provisioning, as its documentation and settings spell it.
#include "core/codegen/fill.h"
#include "core/codegen/parts.h"
#include "core/codegen/quote.h"

namespace iotman::codegen {

namespace {

constexpr std::string_view provisioning =
    R"yaml(# @NAME@ in Grafana, by the Infinity data source (plugin yesoreyeram-infinity-datasource).
# 1. Save this as /etc/grafana/provisioning/datasources/iotman.yaml and restart Grafana.
@SECRETS@
apiVersion: 1
datasources:
  - name: @SOURCE@
    type: yesoreyeram-infinity-datasource
    access: proxy
    jsonData:
      allowedHosts: [@ORIGIN@]
@OAUTH@
# 2. In a panel choose this data source, open the query's JSON (Query inspector, or the panel's JSON) and paste the line below
#    into "targets". The panel's time range goes along; a range that holds more than 10,000 items shows its newest 10,000.
#
# @QUERY@
)yaml";

constexpr std::string_view oauth = R"yaml(      auth_method: oauth2
      oauth2:
        oauth2_type: client_credentials
        client_id: $IOTMAN_CLIENT_ID
        token_url: @TOKEN_URL@
        scopes: [@SCOPE@]
    secureJsonData:
      oauth2ClientSecret: $IOTMAN_CLIENT_SECRET)yaml";

/// `scheme://host[:port]` of a URL.
std::string originOf(const std::string& url)
{
    const std::size_t host = url.find("://");
    return host == std::string::npos ? url : url.substr(0, url.find('/', host + 3));
}

/// Grafana puts variables of its environment into values; a `$` of the name stays one.
std::string value(const std::string& text)
{
    std::string escaped;
    for (const char c : jsonQuoted(text))
        escaped += c == '$' ? std::string("$$") : std::string(1, c);
    return escaped;
}

std::string query(const SnippetSubject& subject)
{
    const auto parameter = [](std::string_view key, std::string_view value) {
        return "{\"key\":" + jsonQuoted(key) + ",\"value\":" + jsonQuoted(value) + "}";
    };
    return R"({"refId":"A","type":"json","source":"url","parser":"backend","format":"table","url":)" + jsonQuoted(subject.page) +
           R"(,"url_options":{"method":"GET","params":[)" + parameter("from", "${__from:date:seconds}") + "," +
           parameter("to", "${__to:date:seconds}") + "," + parameter("limit", "10000") +
           R"(]},"root_selector":"data","columns":[],"filters":[]})";
}

} // namespace

std::string grafanaText(const SnippetSubject& subject, Way way)
{
    if (way != Way::Pages)
        return {};
    std::string access;
    if (subject.scope)
        access = filled(oauth, {{"TOKEN_URL", jsonQuoted(subject.tokenUrl)}, {"SCOPE", jsonQuoted(subject.scope->text)}});
    return filled(
        provisioning,
        {{"NAME", commentText(subject.name)},
         {"SECRETS", subject.scope
                         ? "#    IOTMAN_CLIENT_ID and IOTMAN_CLIENT_SECRET are read from the environment of Grafana's service."
                         : ""},
         {"SOURCE", value("IoTMan, " + subject.name)},
         {"ORIGIN", jsonQuoted(originOf(subject.page))},
         {"OAUTH", access},
         {"QUERY", query(subject)}});
}

} // namespace iotman::codegen
