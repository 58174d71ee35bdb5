#include "app/server/ownlab.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "core/client/workspacecalls.h"
#include "core/model/encoding.h"
#include "core/server/service.h"

#include <condition_variable>
#include <mutex>

namespace iotman {

namespace {

constexpr int rowCount = 30;

std::string labWorkspace(lab::Access access, const std::string& secret)
{
    Json file = Json::parse(R"({
        "iotman": 1,
        "scopes": [{"name": "lab:other"}, {"name": "lab:read"}],
        "sources": [{"name": "lab", "kind": "http", "time": "$.t"},
                    {"name": "beat", "kind": "generator", "settings": {"seed": 1, "interval": 0.2, "signals":
                        [{"name": "v", "kind": "ramp", "min": 0, "max": 1, "period": 10}]}}],
        "outputs": [{"name": "lab", "sources": ["lab"], "rule": "$"},
                    {"name": "live", "sources": ["beat"], "rule": "{ v: $.v, at: $ts }"}],
        "endpoints": [{"id": "lab", "output": "lab"}, {"id": "live", "output": "live"}],
        "clients": [{"id": "lab", "name": "lab", "scopes": ["lab:other", "lab:read"], "secret": {"hash": ""}}]
    })");
    if (access == lab::Access::Restricted) {
        for (Json& endpoint : file["endpoints"])
            endpoint["required_scope"] = "lab:read";
    }
    file["clients"][0]["secret"]["hash"] = secretHash(secret);
    return jsonText(file);
}

/// Three have each time.
std::string rows()
{
    std::string text;
    for (int i = 0; i < rowCount; ++i)
        text += R"({"t":)" + std::to_string(i / 3) + R"(,"n":)" + std::to_string(i) + R"(,"big":12345678901234567890,"v":)" +
                std::to_string(i) + ".50}\n";
    return text;
}

} // namespace

OwnLab::OwnLab(lab::Access access, const Clock& clock, Random& random)
    : access_(access)
    , clock_(clock)
    , random_(random)
    , ownerKey_(random.secret())
    , secret_(random.secret())
{
    connect(this, &OwnLab::served, this, &OwnLab::fill);
    connect(this, &OwnLab::ended, this, [this] { ended_ = true; });
}

OwnLab::~OwnLab()
{
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

void OwnLab::start()
{
    thread_ = std::jthread([this](const std::stop_token& stop) {
        run(stop);
        Q_EMIT ended();
    });
}

void OwnLab::leave()
{
    if (!thread_.joinable() || ended_)
        return deleteLater();
    connect(this, &OwnLab::ended, this, &QObject::deleteLater);
    thread_.request_stop();
}

void OwnLab::run(const std::stop_token& stop)
{
    server::ServiceOptions options;
    options.program = "the contract lab";
    options.listen = {{"127.0.0.1", 0, false}};
    options.workers = 1;
    options.ownerKey = ownerKey_;
    const auto service = server::Service::start(std::move(options), clock_, random_);
    if (!service) {
        Q_EMIT failed(service.error());
        return;
    }
    Q_EMIT served(client::toQt((*service)->urls().front()));
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    ended.wait(lock, stop, [] { return false; });
}

void OwnLab::fill(const QString& url)
{
    url_ = url.toStdString();
    const QUrl tokens(url + QStringLiteral("/oauth/token"));
    owner_ = std::make_unique<client::TokenSource>(
        network_, clock_, client::Credentials{tokens, QStringLiteral("owner@localhost"), client::Secret(ownerKey_), {}});
    client_ = std::make_unique<client::TokenSource>(
        network_, clock_, client::Credentials{tokens, QStringLiteral("lab"), client::Secret(secret_), {}});
    management_ = std::make_unique<client::Management>(network_, *owner_, clock_, QUrl(url));
    client::applyWorkspaceFile(*management_, labWorkspace(access_, secret_), client::Applying::ForGood, this,
                               [this](const Expected<std::vector<std::string>>& made) {
                                   if (made)
                                       putRows();
                                   else
                                       Q_EMIT failed(made.error());
                               });
}

void OwnLab::putRows()
{
    client::HttpRequest request;
    request.method = "POST";
    request.url = QUrl(client::toQt(url_ + "/data/in/lab"));
    request.body = client::toBytes(rows());
    network_.send(request, this, [this](const Expected<client::HttpAnswer>& answer) {
        if (!answer)
            Q_EMIT failed(answer.error());
        else if (!answer->isSuccess())
            Q_EMIT failed(client::refusal(*answer));
        else
            signIn();
    });
}

void OwnLab::signIn()
{
    lab::Side side{url_ + "/data/out/lab", url_ + "/data/out/live", {}, {}};
    if (access_ == lab::Access::Public) {
        Q_EMIT ready(side);
        return;
    }
    side.credentials = {QUrl(client::toQt(url_ + "/oauth/token")), QStringLiteral("lab"), client::Secret(secret_), {}};
    client_->token(this, [this, side](const Expected<client::Token>& token) mutable {
        if (!token) {
            Q_EMIT failed(token.error());
            return;
        }
        side.token = token->text;
        Q_EMIT ready(side);
    });
}

} // namespace iotman
