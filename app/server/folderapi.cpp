#include "app/server/folderapi.h"

#include "core/model/problem.h"
#include "core/server/keyring.h"
#include "core/server/servercontext.h"
#include "core/server/token.h"
#include "core/store/datafolder.h"
#include "core/store/peek.h"

#include <QtCore/qeventloop.h>

#include <chrono>
#include <thread>

namespace iotman {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t tokenSeconds = 60;
constexpr std::int64_t dataTokenSeconds = 3600;
constexpr auto startPatience = 10s; ///< for a server that holds the folder and does not serve yet
constexpr auto startPoll = 50ms;
constexpr auto healthPatience = 5s; ///< for the first answer; one that is stopped gives none

/// To this computer alone, and to the server that shows what the folder's lock says.
client::NetworkSettings settingsFor(const store::Holder& holder)
{
    client::NetworkSettings settings;
    // A commit of a large import or a snapshot answers when it is durable.
    settings.silence = 10min;
    settings.total = 60min;
    settings.proxies = [](const QNetworkProxyQuery&) { return QList<QNetworkProxy>{QNetworkProxy::NoProxy}; };
    settings.only = QByteArray::fromHex(QByteArray::fromStdString(holder.certificate));
    settings.userAgent = "iotman-server";
    return settings;
}

/// The answer, waited for.
Expected<client::HttpAnswer> answerTo(const client::HttpRequest& request, client::Network& network)
{
    QEventLoop loop;
    Expected<client::HttpAnswer> answer = fail(Problem::Unavailable, "no answer came");
    network.send(request, &loop, [&](Expected<client::HttpAnswer> came) {
        answer = std::move(came);
        loop.quit();
    });
    loop.exec();
    return answer;
}

/// Whether it answers at all, asked before anything that may take long. Errors: Unavailable, naming folder and holder.
Expected<void> expectAnswers(const store::Holder& holder, const std::filesystem::path& folder)
{
    client::NetworkSettings hasty = settingsFor(holder);
    hasty.silence = healthPatience;
    hasty.total = healthPatience;
    client::Network network(std::move(hasty));
    client::HttpRequest request;
    request.url = QUrl(QString::fromStdString(holder.url + "/healthz"));
    if (const auto answer = answerTo(request, network); !answer)
        return fail(answer.error().kind, "“" + folder.string() + "” is held by " + store::nameOf(holder) +
                                             ", which cannot be asked: " + answer.error().detail);
    return {};
}

/// Who serves the folder; nothing where nobody holds it.
Expected<std::optional<store::Holder>> servingHolder(const std::filesystem::path& folder)
{
    const auto until = std::chrono::steady_clock::now() + startPatience;
    while (true) {
        const auto holder = store::readHolder(folder);
        if (!holder)
            return fail(holder.error());
        if (!*holder || !(*holder)->url.empty())
            return *holder;
        if (std::chrono::steady_clock::now() >= until)
            return fail(Problem::Conflict,
                        "“" + folder.string() + "” is in use by " + store::nameOf(**holder) + ", which serves nothing");
        std::this_thread::sleep_for(startPoll);
    }
}

Expected<std::unique_ptr<server::Service>> ownService(const std::filesystem::path& folder, const Clock& clock, Random& random,
                                                      const std::filesystem::path& workspaceFile)
{
    server::ServiceOptions options;
    options.program = "iotman-server";
    options.dataFolder = folder;
    options.listen = {{"127.0.0.1", 0, false}};
    options.workers = 1;
    if (!workspaceFile.empty())
        options.workspaceFile = workspaceFile;
    options.workspaceFileUse = server::WorkspaceFileUse::WhenNew;
    options.sources = server::Sources::Resting;
    options.ownerKey = random.secret(); // nobody signs in with it; with an owner no first admin is made
    return server::Service::start(std::move(options), clock, random);
}

} // namespace

FolderApi::FolderApi(const Clock& clock, Random& random)
    : clock_(clock)
    , random_(random)
{
}

Expected<std::unique_ptr<FolderApi>> FolderApi::open(const std::filesystem::path& folder, Missing missing, const Clock& clock,
                                                     Random& random, const std::filesystem::path& workspaceFile)
{
    std::unique_ptr<FolderApi> api(new FolderApi(clock, random));
    if (auto connected = api->connect(folder); !connected)
        return fail(connected.error());
    if (!api->url_.empty())
        return api;
    if (missing == Missing::Refused && !store::holdsWorkspace(folder))
        return fail(Problem::NotFound, "“" + folder.string() + "” holds no workspace");
    auto service = ownService(folder, clock, random, workspaceFile);
    if (!service)
        return fail(service.error());
    api->own_ = std::move(*service);
    if (auto connected = api->connect(folder); !connected)
        return fail(connected.error());
    return api;
}

Expected<void> FolderApi::connect(const std::filesystem::path& folder)
{
    const auto holder = servingHolder(folder);
    if (!holder)
        return fail(holder.error());
    if (!*holder)
        return {};
    if (auto answers = expectAnswers(**holder, folder); !answers)
        return answers;
    const Expected<Catalog> catalog = store::peekCatalog(folder);
    if (!catalog)
        return fail(catalog.error());
    auto key = server::KeyRing::read(folder);
    if (!key)
        return fail(key.error());
    network_.setSettings(settingsFor(**holder));
    url_ = (*holder)->url;
    workspace_ = catalog->workspace.id;
    key_ = std::move(*key);
    return {};
}

std::string FolderApi::token(std::int64_t seconds)
{
    const std::int64_t now = clock_.now().us / 1'000'000;
    const server::Claims claims{url_, server::commandLineSubject, workspace_,    {}, Role::Admin,
                                now,  now + seconds,              random_.uuid()};
    return server::signedToken(claims, *key_);
}

client::Token FolderApi::dataToken()
{
    const Timestamp now = clock_.now();
    return {client::Secret(token(dataTokenSeconds)), now, {now.us + dataTokenSeconds * Timestamp::usPerSecond}};
}

Expected<std::string> FolderApi::call(const std::string& method, const std::string& path, std::string body)
{
    client::HttpRequest request;
    request.method = QByteArray::fromStdString(method);
    request.url = QUrl(QString::fromStdString(url_ + "/api/" + path));
    request.headers.append(qMakePair(QByteArray("Authorization"), QByteArray("Bearer " + QByteArray::fromStdString(token(tokenSeconds)))));
    if (!body.empty())
        request.headers.append(qMakePair(QByteArray("Content-Type"), QByteArray("application/json")));
    request.body = QByteArray::fromStdString(body);
    constexpr qint64 mostBytes = 64LL << 20;
    request.mostBytes = mostBytes;
    const Expected<client::HttpAnswer> answer = answerTo(request, network_);
    if (!answer)
        return fail(answer.error());
    if (!answer->isSuccess())
        return fail(errorFrom(answer->status, answer->body.toStdString()));
    return answer->body.toStdString();
}

Expected<Json> FolderApi::json(const std::string& method, const std::string& path, const Json& body)
{
    const Expected<std::string> answer = call(method, path, body.is_null() ? std::string() : jsonText(body));
    if (!answer)
        return fail(answer.error());
    return answer->empty() ? Expected<Json>(Json(nullptr)) : parseJson(*answer);
}

Expected<Json> FolderApi::list(const std::string& path)
{
    constexpr std::string_view api = "/api/";
    Json all = Json::array();
    for (std::string next = path; !next.empty();) {
        const Expected<Json> page = json("GET", next);
        if (!page)
            return fail(page.error());
        for (const Json& one : page->value("data", Json::array()))
            all.push_back(one);
        const auto link = page->find("next_page");
        const std::string url = link != page->end() && link->is_string() ? link->get<std::string>() : std::string();
        const std::size_t below = url.find(api);
        next = below == std::string::npos ? std::string() : url.substr(below + api.size());
    }
    return all;
}

} // namespace iotman
