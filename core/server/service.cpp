#include "core/server/service.h"

#include "core/mirror/mirrorsources.h"
#include "core/pipeline/applier.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/replaysources.h"
#include "core/pipeline/retention.h"
#include "core/pipeline/timedsources.h"
#include "core/pipeline/workspaceapply.h"
#include "core/server/background.h"
#include "core/server/epolldispatcher.h"
#include "core/server/fanout.h"
#include "core/server/folderidentity.h"
#include "core/server/historywatch.h"
#include "core/server/imports.h"
#include "core/server/keyring.h"
#include "core/server/outgoingsecrets.h"
#include "core/server/ownendpoint.h"
#include "core/server/privatefile.h"
#include "core/server/servercontext.h"
#include "core/server/snapshots.h"
#include "core/server/trustedissuers.h"
#include "core/server/usagekeeper.h"
#include "core/server/worker.h"
#include "core/store/datafolder.h"
#include "core/store/ephemeralfolder.h"
#include "core/store/sqlitestore.h"

#include <QtCore/qthread.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <future>

namespace iotman::server {

namespace {

constexpr const char* adminKeyFile = "admin.key";
constexpr const char* firstAdminEmail = "admin@localhost";
constexpr std::size_t reserveBytes = std::size_t(16) * 1024 * 1024;
constexpr auto sweepImportsEvery = std::chrono::minutes(10);

std::optional<std::string> environmentVariable(const std::string& name)
{
    const char* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
    return value ? std::optional<std::string>(value) : std::nullopt;
}

/// Systems grant a program 1,024 descriptors, and more only when it asks. Errors: Internal where there are too few to begin with.
Expected<void> allowDescriptors(int connections)
{
    constexpr rlim_t ownFiles = 1024;
    constexpr rlim_t least = 32;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return {};
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, static_cast<rlim_t>(connections) + ownFiles));
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < least)
        return fail(Problem::Internal, "expected " + std::to_string(least) + " open files to be allowed at least, but only " + std::to_string(limit.rlim_cur) + " are (ulimit -n)");
    return {};
}

} // namespace

/// A thread with a worker that is made and destroyed on it.
class WorkerThread final : public QThread {
public:
    explicit WorkerThread(ServerContext& context) : context_(context)
    {
        setEventDispatcher(new EpollDispatcher);
    }

    /// Starts the thread and waits until the worker is there; null when the system gives no thread.
    Worker* begin()
    {
        std::future<Worker*> made = made_.get_future();
        start();
        return isRunning() ? made.get() : nullptr;
    }

private:
    void run() override
    {
        Worker worker(context_, {});
        made_.set_value(&worker);
        exec();
    }

    ServerContext& context_;
    std::promise<Worker*> made_;
};

Catalog newWorkspace(const Clock& clock, Random& random)
{
    Catalog catalog;
    catalog.workspace = {random.uuid(), Slug{"workspace"}, "Workspace", clock.now()};
    return catalog;
}

struct Service::Parts {
    std::optional<store::DataFolder> folder;
    std::optional<store::EphemeralFolder> ephemeral;
    std::unique_ptr<store::SqliteStore> store;
    std::unique_ptr<pipeline::Retention> retention;
    std::unique_ptr<Weather> weather;
    Activity activity;
    std::unique_ptr<FanOut> fanOut;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    std::unique_ptr<pipeline::Applier> applier;
    std::unique_ptr<KeyRing> keys;
    pipeline::LinuxProbe probe;
    std::unique_ptr<pipeline::TimedSources> timedSources;
    std::unique_ptr<pipeline::ReplaySources> replaySources;
    std::unique_ptr<OutgoingSecrets> secrets;
    std::unique_ptr<TrustedIssuers> issuers;
    std::unique_ptr<mirror::MirrorSources> mirrorSources;
    Background background;
    std::unique_ptr<Imports> imports;
    std::unique_ptr<Snapshots> snapshots;
    std::unique_ptr<ServerContext> context;
    std::unique_ptr<UsageKeeper> usageKeeper;
    std::shared_ptr<const TlsIdentity> tls;
    std::unique_ptr<Acceptor> acceptor;
    std::vector<std::string> urls;
    std::vector<std::unique_ptr<WorkerThread>> threads;
    std::optional<FirstAdmin> firstAdmin;

    const std::filesystem::path& path() const { return folder ? folder->path() : ephemeral->path(); }
    Expected<void> openFolder(const ServiceOptions& options);
    Expected<bool> openStore(const Clock& clock, Random& random);
    void connectPipeline(const ServiceOptions& options, const Hosts& hosts, const Clock& clock, Random& random);
    mirror::MirrorHooks mirrorHooks(const ServiceOptions& options, const Hosts& hosts, const Clock& clock, Random& random);
    Expected<void> addFirstAdmin(const ServiceOptions& options, const Clock& clock, Random& random);
    Expected<void> serve(const ServiceOptions& options);
    ~Parts();
};

Expected<void> Service::Parts::openFolder(const ServiceOptions& options)
{
    if (!options.dataFolder) {
        Expected<store::EphemeralFolder> made = store::EphemeralFolder::create();
        if (!made)
            return fail(made.error());
        ephemeral.emplace(std::move(*made));
        return {};
    }
    Expected<store::DataFolder> opened = store::DataFolder::open(*options.dataFolder, options.program);
    if (!opened)
        return fail(opened.error());
    folder.emplace(std::move(*opened));
    return {};
}

/// True when the workspace is new.
Expected<bool> Service::Parts::openStore(const Clock& clock, Random& random)
{
    const Catalog initial = newWorkspace(clock, random);
    store::OpenOptions options;
    options.reserveBytes = folder ? reserveBytes : 0; // in memory there is nothing to keep
    auto opened = store::SqliteStore::open(path(), initial, options);
    if (!opened)
        return fail(opened.error());
    store = std::move(*opened);
    return store->catalog()->workspace.id == initial.workspace.id;
}

mirror::MirrorHooks Service::Parts::mirrorHooks(const ServiceOptions& options, const Hosts& hosts, const Clock& clock, Random& random)
{
    mirror::MirrorHooks hooks;
    hooks.identity = folderIdentity(path(), random);
    hooks.secret = [this](const Source& source) { return secrets->of(source); };
    hooks.isOwn = [hosts, own = urls](const HttpAddress& address) { return isOwnAddress(address, hosts, own); };
    hooks.history = [this, &clock](const SourceName& name, Timestamp from, Timestamp to) {
        for (const EndpointId& id : endpointsOf(*store->catalog(), name))
            activity.add(HistoryChanged{clock.now(), id, from, to});
    };
    hooks.issuerKeys = [this, &clock, log = options.log](const Source& mirror, const TrustedIssuer& issuer,
                                                         const Expected<std::string>& jwks) {
        if (const Source* now = store->catalog()->sourceByKey(mirror.key); !now || MirrorSettings::of(now->settings).trustedIssuer != issuer)
            return true; // it came too late
        if (!store->inPlace())
            return false; // they are kept in the folder
        const std::string before = issuers->stateOf(mirror.key, issuer).trouble;
        const TrustedIssuers::State now = issuers->fetched(mirror.key, issuer, jwks, clock.now());
        if (log && now.trouble != before)
            log("mirror " + mirror.name.text + ": keys of its trusted issuer: " + (now.trouble.empty() ? "fetched" : now.trouble));
        return now.trouble.empty();
    };
    hooks.state = [log = options.log](const SourceName& name, const mirror::MirrorState& state) {
        if (log)
            log("mirror " + name.text + ": " + std::string(text(state.is)) + (state.detail.empty() ? "" : ": " + state.detail));
    };
    return hooks;
}

void Service::Parts::connectPipeline(const ServiceOptions& options, const Hosts& hosts, const Clock& clock, Random& random)
{
    retention = std::make_unique<pipeline::Retention>(*store, clock);
    weather = std::make_unique<Weather>(clock);
    fanOut = std::make_unique<FanOut>(*store, *retention, activity, *weather, clock);
    activity.setListener([this] { fanOut->activityChanged(); });
    pipeline = std::make_unique<pipeline::Pipeline>(
        *store, [this](std::span<const store::Published> published) { fanOut->publish(published); },
        [this, &clock, before = store->catalog()](std::shared_ptr<const Catalog> catalog) mutable {
            for (const EndpointId& id : endpointsRemade(*before, *catalog))
                activity.add(HistoryChanged{clock.now(), id, std::nullopt, std::nullopt});
            before = catalog;
            retention->catalogChanged(*catalog);
            weather->prune(*catalog);
            fanOut->catalogChanged();
            secrets->prune(*catalog);
            issuers->prune(*catalog);
            applier->catalogChanged();
            if (timedSources)
                timedSources->catalogChanged();
            if (replaySources)
                replaySources->catalogChanged();
            if (mirrorSources)
                mirrorSources->catalogChanged();
        });
    applier = std::make_unique<pipeline::Applier>(*pipeline, clock);
    if (options.sources != Sources::Resting) {
        timedSources = std::make_unique<pipeline::TimedSources>(*pipeline, clock, probe);
        replaySources = std::make_unique<pipeline::ReplaySources>(*pipeline, *retention, clock);
        mirrorSources = std::make_unique<mirror::MirrorSources>(*pipeline, clock, random, mirrorHooks(options, hosts, clock, random));
        secrets->setListener([this] { mirrorSources->catalogChanged(); });
        issuers->setMissing([this](SourceKey mirror) { mirrorSources->readIssuerAgain(mirror); });
    }
    applier->start(); // it changes the catalog, of which all of them hear
}

Expected<void> Service::Parts::addFirstAdmin(const ServiceOptions& options, const Clock& clock, Random& random)
{
    const auto isAdmin = [](const auto& member) { return member.second.role == Role::Admin; };
    const std::shared_ptr<const Catalog> catalog = store->catalog();
    if (!options.ownerKey.empty() || std::any_of(catalog->members.begin(), catalog->members.end(), isAdmin))
        return {};
    const std::filesystem::path file = path() / adminKeyFile;
    std::string key;
    const auto added = store::await<void>([&](store::Reply<void> reply) {
        store->change(
            firstAdminEmail, clock.now(),
            [&](Catalog& changed, Sequence) {
                const MemberDraft draft{Email{firstAdminEmail}, Role::Admin};
                return createMember(changed, draft, Author{firstAdminEmail, clock.now(), random}).and_then([&](NewSecret made) {
                    key = std::move(made.secret);
                    // Before the member is there: a key that nobody can find would lock everybody out.
                    return options.adminKeyInFile ? replacePrivateFile(file, key + "\n") : Expected<void>();
                });
            },
            std::move(reply));
    });
    if (!added)
        return added;
    firstAdmin = FirstAdmin{firstAdminEmail, options.adminKeyInFile ? "file:" + file.string() : key};
    return {};
}

Expected<void> Service::Parts::serve(const ServiceOptions& options)
{
    std::vector<Worker*> workers;
    for (int i = 0; i < options.workers; ++i) {
        threads.push_back(std::make_unique<WorkerThread>(*context));
        workers.push_back(threads.back()->begin());
        if (!workers.back())
            return fail(Problem::Internal, "the system gives no more threads or memory");
    }
    acceptor->start(
        [workers, next = std::size_t{0}](int descriptor, const Peer& peer, ConnectionCount::Place place) mutable {
            Worker* worker = workers[next++ % workers.size()];
            // A worker that ends meanwhile does not take it.
            QMetaObject::invokeMethod(worker, [worker, handle = store::FileHandle(descriptor), peer, place = std::move(place)]() mutable {
                worker->take(handle.release(), peer, std::move(place));
            });
        },
        [this](const std::string& address) { return context->proxies.trusts(address); }, context->connections);
    return {};
}

Service::Parts::~Parts()
{
    // From the outside in: no new requests, no requests, no readers, no work, then the store with what is still waiting.
    if (acceptor)
        acceptor->stop();
    if (store)
        store->breakOff();
    background.stop(); // while there are still workers, whose requests it answers
    for (const auto& thread : threads)
        thread->quit();
    for (const auto& thread : threads)
        thread->wait();
    usageKeeper.reset();
    if (retention)
        retention->stop();
    if (fanOut)
        fanOut->stop();
    if (timedSources)
        timedSources->stop();
    if (replaySources)
        replaySources->stop();
    if (mirrorSources)
        mirrorSources->stop();
    if (applier)
        applier->stop();
    store.reset();
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() = default;

Expected<std::unique_ptr<Service>> Service::start(ServiceOptions options, const Clock& clock, Random& random)
{
    if (auto allowed = allowDescriptors(options.connections.total); !allowed)
        return fail(allowed.error());
    auto parts = std::make_unique<Parts>();
    std::vector<std::string> listened;
    for (const ListenAddress& address : options.listen)
        listened.push_back(address.host);
    Expected<Hosts> hosts = Hosts::make(options.hosts, options.baseUrl, listened);
    if (!hosts)
        return fail(hosts.error());
    Expected<Proxies> proxies = Proxies::parse(options.trustedProxies);
    if (!proxies)
        return fail(proxies.error());
    if (options.tls) {
        auto identity = TlsIdentity::load(options.tls->certificate, options.tls->key);
        if (!identity)
            return fail(identity.error());
        parts->tls = std::move(*identity);
    }
    // The address first: a taken port must not cost the time that opening a folder takes.
    auto acceptor = Acceptor::bind(options.listen, options.takenPort);
    if (!acceptor)
        return fail(acceptor.error());
    parts->acceptor = std::move(*acceptor);
    for (const std::string& url : parts->acceptor->urls())
        parts->urls.push_back(parts->tls ? "https" + url.substr(std::string_view("http").size()) : url);
    if (auto opened = parts->openFolder(options); !opened)
        return fail(opened.error());
    // The store first: in the folder of a newer program nothing is touched.
    const Expected<bool> isNew = parts->openStore(clock, random);
    if (!isNew)
        return fail(isNew.error());
    removeUnfinishedFiles(parts->path());
    removeUnfinishedFiles(parts->path() / Imports::folderName);
    auto keys = KeyRing::open(parts->path(), clock);
    if (!keys)
        return fail(keys.error());
    parts->keys = std::move(*keys);
    auto secrets = OutgoingSecrets::open(parts->path());
    if (!secrets)
        return fail(secrets.error());
    parts->secrets = std::move(*secrets);
    parts->issuers = std::make_unique<TrustedIssuers>(parts->path());
    parts->connectPipeline(options, *hosts, clock, random);
    const Workers workers{*parts->applier, parts->timedSources.get(), parts->replaySources.get(), parts->mirrorSources.get()};
    parts->snapshots = std::make_unique<Snapshots>(parts->path(), *parts->pipeline, workers, *parts->fanOut, clock);

    if (options.workspaceFile && (*isNew || options.workspaceFileUse == WorkspaceFileUse::Always)) {
        // Its files are read before anything plays them.
        if (parts->replaySources)
            parts->replaySources->pause();
        const auto applied = pipeline::applyWorkspaceFile(*parts->pipeline, *options.workspaceFile, "workspace file",
            {environmentVariable,
             [secretsKept = parts->secrets.get()](const Catalog& catalog, const std::vector<NewOutgoingSecret>& given) {
                 return secretsKept->keep(catalog, given);
             }},
            clock, random);
        if (!applied)
            return fail(applied.error());
        if (parts->replaySources)
            parts->replaySources->resume();
        // Where there is no room for it, the workspace is served all the same; who asks for a reset is told.
        (void)parts->snapshots->keepStart(*applied);
    }
    if (auto added = parts->addFirstAdmin(options, clock, random); !added)
        return fail(added.error());

    const std::filesystem::path keyFile = parts->path() / adminKeyFile;
    parts->context.reset(new ServerContext{*parts->store, *parts->pipeline, *parts->applier, *parts->retention, *parts->fanOut, *parts->weather, parts->activity, *parts->keys, clock,
                                           random, std::move(*hosts), std::move(*proxies), Owner{options.ownerKey.empty() ? std::string() : secretHash(options.ownerKey)}});
    parts->context->connections = ConnectionCount(options.connections);
    parts->context->contract = options.contract;
    parts->context->log = options.log;
    parts->context->tls = parts->tls;
    parts->context->replays = parts->replaySources.get();
    parts->context->mirrors = parts->mirrorSources.get();
    parts->context->isOwn = [hosts = parts->context->hosts, own = parts->urls](const HttpAddress& address) { return isOwnAddress(address, hosts, own); };
    parts->context->secrets = parts->secrets.get();
    parts->context->issuers = parts->issuers.get();
    parts->usageKeeper = std::make_unique<UsageKeeper>(*parts->store, parts->context->usage);
    parts->imports = std::make_unique<Imports>(parts->path(), *parts->pipeline, clock, random, options.log);
    parts->context->background = &parts->background;
    parts->context->imports = parts->imports.get();
    parts->background.repeat(sweepImportsEvery, [imports = parts->imports.get()] { imports->sweep(); });
    parts->context->snapshots = parts->snapshots.get();
    parts->context->signedIn = [keyFile, store = parts->store.get()](const Email& email) {
        if (email.text == firstAdminEmail && store->inPlace()) {
            std::error_code ignored;
            std::filesystem::remove(keyFile, ignored);
        }
    };
    if (parts->folder) {
        const std::string certificate = parts->tls ? parts->tls->digest() : std::string();
        if (auto told = parts->folder->setUrl(parts->urls.front(), certificate); !told)
            return fail(told.error());
    }
    // Where nothing can be written, that is known from the start.
    store::tryToWrite(*parts->store);
    if (auto serving = parts->serve(options); !serving)
        return fail(serving.error());
    if (parts->mirrorSources)
        parts->mirrorSources->resume();
    return std::unique_ptr<Service>(new Service(std::move(parts)));
}

const std::vector<std::string>& Service::urls() const { return parts_->urls; }

const std::optional<Service::FirstAdmin>& Service::firstAdmin() const { return parts_->firstAdmin; }

} // namespace iotman::server
