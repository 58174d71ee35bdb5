// `contract URL`: the same questions to a data API elsewhere and to one here, side by side.
#include "core/model/encoding.h"

#include <QtCore/qeventloop.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "app/server/contractprobes.h"
#include "app/server/verbs.h"

namespace iotman {

namespace {

using client::HttpAnswer;
using client::HttpRequest;

constexpr const char* secretVariable = "IOTMAN_CLIENT_SECRET";
constexpr const char* here = "lab";

/// Requests one after the other on this thread.
class Asker {
public:
    explicit Asker(std::chrono::milliseconds pause)
        : pause_(pause)
    {
    }

    Expected<HttpAnswer> send(const HttpRequest& request)
    {
        if (asked_)
            std::this_thread::sleep_for(pause_);
        asked_ = true;
        QEventLoop loop;
        Expected<HttpAnswer> answer = fail(Problem::Unavailable, "no answer came");
        network_.send(request, &loop, [&](Expected<HttpAnswer> came) {
            answer = std::move(came);
            loop.quit();
        });
        loop.exec();
        return answer;
    }

private:
    std::chrono::milliseconds pause_;
    bool asked_ = false;
    client::Network network_;
};

HttpRequest requestTo(const std::string& method, const std::string& url, std::string_view type, const std::string& body)
{
    HttpRequest request;
    request.method = QByteArray::fromStdString(method);
    request.url = QUrl(QString::fromStdString(url));
    request.headers.append(qMakePair(QByteArray("Content-Type"), QByteArray(type.data(), static_cast<qsizetype>(type.size()))));
    request.body = QByteArray::fromStdString(body);
    return request;
}

/// RFC 6749 §4.4 with §2.3.1: both halves form-encoded.
Expected<std::string> tokenFrom(Asker& asker, const std::string& url, const std::string& client, const std::string& secret)
{
    HttpRequest request = requestTo("POST", url, "application/x-www-form-urlencoded", "grant_type=client_credentials");
    const std::string pair = percentEncoded(client) + ":" + percentEncoded(secret);
    request.headers.append(
        qMakePair(QByteArray("Authorization"), QByteArray("Basic " + QByteArray::fromStdString(pair).toBase64())));
    const auto answer = asker.send(request);
    if (!answer)
        return fail(answer.error());
    const Json json = Json::parse(answer->body.toStdString(), nullptr, false);
    if (answer->status != 200 || !json.is_object() || !json.contains("access_token") || !json["access_token"].is_string())
        return fail(Problem::Unauthorized, url + " gave no token: " + std::to_string(answer->status));
    return json["access_token"].get<std::string>();
}

/// What the server here serves: an endpoint like the one that is asked elsewhere, with ties among its items.
Json labWorkspace(bool restricted, const std::string& secret)
{
    Json file = Json::parse(R"({
        "iotman": 1,
        "scopes": [{"name": "lab:read"}],
        "sources": [{"name": "lab", "kind": "http", "time": "$.t"}],
        "outputs": [{"name": "lab", "sources": ["lab"], "rule": "$"}],
        "endpoints": [{"id": "lab", "output": "lab", "required_scope": null}],
        "clients": [{"id": "lab", "name": "lab", "scopes": ["lab:read"], "secret": {"hash": ""}}]
    })");
    if (restricted)
        file["endpoints"][0]["required_scope"] = "lab:read";
    file["clients"][0]["secret"]["hash"] = secretHash(secret);
    return file;
}

/// A server of this program, in memory, and the side that it is.
class Here {
public:
    static Expected<std::unique_ptr<Here>> start(bool restricted, const World& world)
    {
        std::unique_ptr<Here> made(new Here);
        server::ServiceOptions options;
        options.program = "iotman-server";
        options.listen = {{"127.0.0.1", 0, false}};
        options.workers = 1;
        options.ownerKey = world.random.secret();
        const std::string ownerKey = options.ownerKey;
        auto service = server::Service::start(std::move(options), world.clock, world.random);
        if (!service)
            return fail(service.error());
        made->service_ = std::move(*service);
        if (auto filled = made->fill(restricted, ownerKey, world.random.secret()); !filled)
            return fail(filled.error());
        return made;
    }

    const ProbeSide& side() const { return side_; }

private:
    Here()
        : asker_(std::chrono::milliseconds(0))
    {
    }

    Expected<void> fill(bool restricted, const std::string& ownerKey, const std::string& secret)
    {
        const std::string url = service_->urls().front();
        const Expected<std::string> owner = tokenFrom(asker_, url + "/oauth/token", "owner@localhost", ownerKey);
        if (!owner)
            return fail(owner.error());
        HttpRequest file =
            requestTo("PUT", url + "/api/workspace/file", "application/json", jsonText(labWorkspace(restricted, secret)));
        file.headers.append(qMakePair(QByteArray("Authorization"), QByteArray("Bearer " + QByteArray::fromStdString(*owner))));
        std::string rows;
        constexpr int count = 30;
        for (int i = 0; i < count; ++i)
            rows += R"({"t":)" + std::to_string(i / 3) + R"(,"n":)" + std::to_string(i) + "}\n";
        for (const HttpRequest& request : {file, requestTo("POST", url + "/data/in/lab", "application/x-ndjson", rows)}) {
            const auto answer = asker_.send(request);
            if (!answer)
                return fail(answer.error());
            if (!answer->isSuccess())
                return fail(Problem::Internal, "the server here answered " + answer->body.toStdString());
        }
        side_.endpoint = url + "/data/out/" + here;
        side_.send = [this](const HttpRequest& request) { return asker_.send(request); };
        if (!restricted)
            return {};
        return tokenFrom(asker_, url + "/oauth/token", here, secret).map([this](std::string token) {
            side_.token = std::move(token);
        });
    }

    Asker asker_;
    std::unique_ptr<server::Service> service_;
    ProbeSide side_;
};

struct Verdict {
    enum class Kind { Equal, Different, Unknown };
    std::string_view name;
    Kind kind = Kind::Unknown;
    std::string there;
    std::string here;
};

std::string_view wordOf(Verdict::Kind kind)
{
    return kind == Verdict::Kind::Equal ? "equal" : kind == Verdict::Kind::Different ? "different" : "unknown";
}

Verdict judged(const Probe& probe, const ProbeSide& there, const ProbeSide& mine)
{
    const Expected<std::string> elsewhere = probe.ask(there);
    const Expected<std::string> own = probe.ask(mine);
    const auto textOf = [](const Expected<std::string>& said) { return said ? *said : said.error().detail; };
    if (!elsewhere || !own)
        return {probe.name, Verdict::Kind::Unknown, textOf(elsewhere), textOf(own)};
    return {probe.name, *elsewhere == *own ? Verdict::Kind::Equal : Verdict::Kind::Different, *elsewhere, *own};
}

std::string lineOf(const Verdict& verdict)
{
    std::string line = std::string(wordOf(verdict.kind)) + " " + std::string(verdict.name) + ": ";
    if (verdict.kind == Verdict::Kind::Equal)
        return line + verdict.here;
    return line + "there " + verdict.there + "; here " + verdict.here;
}

std::string xmlText(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '<')
            escaped += "&lt;";
        else if (c == '&')
            escaped += "&amp;";
        else if (c == '"')
            escaped += "&quot;";
        else if (static_cast<unsigned char>(c) >= ' ' || c == '\n')
            escaped += c;
    }
    return escaped;
}

/// As test runners read it: a difference is a failure, what could not be told is skipped.
std::string junit(const std::string& url, const std::vector<Verdict>& verdicts)
{
    const auto count = [&](Verdict::Kind kind) {
        return std::to_string(
            std::count_if(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) { return verdict.kind == kind; }));
    };
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + xmlText(url) + "\" tests=\"" +
                      std::to_string(verdicts.size()) + "\" failures=\"" + count(Verdict::Kind::Different) + "\" skipped=\"" +
                      count(Verdict::Kind::Unknown) + "\">\n";
    for (const Verdict& verdict : verdicts) {
        xml += "  <testcase classname=\"contract\" name=\"" + xmlText(verdict.name) + "\"";
        if (verdict.kind == Verdict::Kind::Equal)
            xml += "/>\n";
        else if (verdict.kind == Verdict::Kind::Different)
            xml += "><failure message=\"" + xmlText(lineOf(verdict)) + "\"/></testcase>\n";
        else
            xml += "><skipped message=\"" + xmlText(verdict.there) + "\"/></testcase>\n";
    }
    return xml + "</testsuite>\n";
}

Expected<void> write(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file)
        return fail(Problem::Internal, "“" + path.string() + "” cannot be written");
    return {};
}

/// Where tokens for an endpoint come from, unless somebody says: its own origin.
std::string tokenUrl(const ContractArguments& arguments)
{
    if (!arguments.tokenUrl.empty())
        return arguments.tokenUrl;
    const QUrl url(QString::fromStdString(arguments.url));
    return QString(url.scheme() + QStringLiteral("://") + url.authority() + QStringLiteral("/oauth/token")).toStdString();
}

} // namespace

Expected<int> contract(const ContractArguments& arguments, const World& world)
{
    Asker asker(arguments.pause);
    ProbeSide there{arguments.url, {}, [&](const HttpRequest& request) { return asker.send(request); }};
    if (!arguments.client.empty()) {
        const char* secret = std::getenv(secretVariable); // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
        if (!secret)
            return fail(Problem::BadRequest,
                        std::string("expected the client's secret in the environment variable ") + secretVariable);
        Expected<std::string> token = tokenFrom(asker, tokenUrl(arguments), arguments.client, secret);
        if (!token)
            return fail(token.error());
        there.token = std::move(*token);
    }
    const bool restricted = !there.token.empty();
    const auto mine = Here::start(restricted, world);
    if (!mine)
        return fail(mine.error());
    std::vector<Verdict> verdicts;
    for (const Probe& probe : contractProbes()) {
        if (probe.restrictedOnly && !restricted)
            continue;
        verdicts.push_back(judged(probe, there, (*mine)->side()));
        if (auto printed = printLine(lineOf(verdicts.back())); !printed)
            return fail(printed.error());
    }
    if (!arguments.junit.empty()) {
        if (auto written = write(arguments.junit, junit(arguments.url, verdicts)); !written)
            return fail(written.error());
    }
    const bool differs = std::any_of(verdicts.begin(), verdicts.end(),
                                     [](const Verdict& verdict) { return verdict.kind == Verdict::Kind::Different; });
    return differs ? exitDifferent : exitDone;
}

} // namespace iotman
