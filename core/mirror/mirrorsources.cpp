#include "core/mirror/mirrorsources.h"

#include "core/mirror/issuerreader.h"
#include "core/mirror/mirrorrun.h"

#include <QThread>

#include <array>
#include <system_error>

namespace iotman::mirror {

std::string_view text(MirrorState::Is is)
{
    constexpr std::array<std::string_view, 6> words{"off", "history", "live", "waiting", "refused", "sign_in"};
    return words.at(static_cast<std::size_t>(is));
}

namespace {

std::string behindNote(SourceKey mirror)
{
    return "mirror-through:" + std::to_string(mirror);
}

} // namespace

/// All that lives on the mirrors' thread.
class Mirrors : public QObject {
public:
    using Show = std::function<void(const SourceName&, const std::optional<MirrorState>&)>;

    Mirrors(pipeline::Pipeline& pipeline, const Clock& clock, Random& random, Provenance& provenance, const MirrorHooks& hooks,
            const MirrorReach& settings, Show show)
        : hooks_(hooks)
        , show_(std::move(show))
        , pipeline_(pipeline)
        , clock_(clock)
        , random_(random)
        , provenance_(provenance)
        , reach_(settings)
    {
    }

    void rest()
    {
        isResting_ = true;
        for (const auto& [name, run] : runs_)
            show_(name, std::nullopt);
        runs_.clear();
        issuers_.clear();
    }
    void go()
    {
        isResting_ = false;
        update();
    }
    /// Runs stay where neither their source nor its secret has changed.
    void update()
    {
        if (isResting_)
            return;
        const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
        std::erase_if(runs_, [&](const auto& entry) {
            const auto source = catalog->sources.find(entry.first);
            const bool same = source != catalog->sources.end() && isRead(source->second) &&
                              entry.second.isOf(source->second, secretOf(source->second));
            if (!same)
                show_(entry.first, std::nullopt);
            return !same;
        });
        for (const auto& [name, source] : catalog->sources) {
            if (isRead(source) && !runs_.contains(name))
                add(source);
        }
        updateIssuers(*catalog);
    }
    void readIssuerAgain(SourceKey mirror)
    {
        if (const auto found = issuers_.find(mirror); found != issuers_.end())
            found->second.reader->read();
    }

private:
    struct Running {
        Source source;
        std::optional<std::string> secret;
        std::unique_ptr<MirrorRun> run; ///< null where it cannot be read

        bool isOf(const Source& other, const std::optional<std::string>& otherSecret) const
        {
            return source.key == other.key && source.settings == other.settings && secret == otherSecret;
        }
    };

    static bool isRead(const Source& source) { return source.kind == SourceKind::Mirror && source.enabled; }

    std::optional<std::string> secretOf(const Source& source) const
    {
        return MirrorSettings::of(source.settings).signIn ? hooks_.secret(source) : std::nullopt;
    }

    void add(const Source& source)
    {
        Running& running = runs_[source.name];
        running = {source, secretOf(source), nullptr};
        const Expected<EndpointUrl> place = EndpointUrl::parse(MirrorSettings::of(source.settings).url);
        if (!place || hooks_.isOwn(place->address)) {
            show_(source.name, MirrorState{MirrorState::Is::Refused, place ? std::string(ownEndpoint) : place.error().detail});
            return;
        }
        const auto tell = [this, name = source.name](const MirrorState& state) { show_(name, state); };
        running.run = std::make_unique<MirrorRun>(world(), source, running.secret, MirrorRun::Told{tell, hooks_.history});
        running.run->start();
    }

    struct Issuer {
        TrustedIssuer trusted;
        std::unique_ptr<IssuerReader> reader;
    };

    /// Those of mirrors that are switched off, too: what they brought is still served.
    void updateIssuers(const Catalog& catalog)
    {
        std::map<SourceKey, Issuer> now;
        for (const auto& [name, source] : catalog.sources) {
            const auto trusted = source.kind == SourceKind::Mirror ? MirrorSettings::of(source.settings).trustedIssuer : std::nullopt;
            if (!trusted)
                continue;
            const auto before = issuers_.find(source.key);
            if (before != issuers_.end() && before->second.trusted == *trusted)
                now.insert(issuers_.extract(before));
            else
                now.emplace(source.key, Issuer{*trusted, readerOf(source, *trusted)});
        }
        issuers_ = std::move(now);
    }

    std::unique_ptr<IssuerReader> readerOf(const Source& source, const TrustedIssuer& issuer)
    {
        auto reader = std::make_unique<IssuerReader>(
            world(), issuer, [this, source, issuer](const Expected<std::string>& jwks) { return hooks_.issuerKeys(source, issuer, jwks); });
        reader->read();
        return reader;
    }

    /// Made for the first mirror: most workspaces have none, and a network costs time at the start.
    const MirrorWorld& world()
    {
        if (!network_) {
            network_ = std::make_unique<client::Network>(reach_.network);
            world_.emplace(
                MirrorWorld{pipeline_, *network_, clock_, random_, provenance_, reach_.backoff, reach_.refusedAgain, reach_.signInAgain, reach_.lookAgain});
        }
        return *world_;
    }

    const MirrorHooks& hooks_;
    const Show show_;
    pipeline::Pipeline& pipeline_;
    const Clock& clock_;
    Random& random_;
    Provenance& provenance_;
    const MirrorReach reach_;
    std::unique_ptr<client::Network> network_;
    std::optional<MirrorWorld> world_;
    bool isResting_ = true;
    std::map<SourceName, Running> runs_;
    std::map<SourceKey, Issuer> issuers_;
};

MirrorSources::MirrorSources(pipeline::Pipeline& pipeline, const Clock& clock, Random& random, MirrorHooks hooks,
                             MirrorReach settings)
    : hooks_(std::move(hooks))
    , provenance_(hooks_.identity,
                  [&store = pipeline.store()](SourceKey mirror, const std::string& behind) {
                      store.remember({{behindNote(mirror), behind}}, [](const Expected<void>&) {}); // where that fails it is read again
                  })
    , thread_(std::make_unique<QThread>())
{
    for (const auto& [name, source] : pipeline.store().catalog()->sources) {
        if (source.kind != SourceKind::Mirror)
            continue;
        if (const auto behind = pipeline.store().reader()->note(behindNote(source.key)); behind && *behind)
            provenance_.know(source.key, **behind);
    }
    thread_->setObjectName(QStringLiteral("mirrors"));
    thread_->start();
    if (!thread_->isRunning())
        throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)); // as std::thread does
    // Made on its own thread, as what speaks over the network has to be.
    auto* starter = new QObject;
    starter->moveToThread(thread_.get());
    QMetaObject::invokeMethod(
        starter,
        [&, starter] {
            mirrors_ = new Mirrors(pipeline, clock, random, provenance_, hooks_, settings,
                                   [this](const SourceName& name, const std::optional<MirrorState>& state) { show(name, state); });
            starter->deleteLater();
        },
        Qt::BlockingQueuedConnection);
}

MirrorSources::~MirrorSources()
{
    stop();
}

void MirrorSources::stop()
{
    if (!thread_)
        return;
    Mirrors* mirrors = nullptr;
    {
        const std::lock_guard lock(mutex_); // the writer may still tell of a catalog
        mirrors = std::exchange(mirrors_, nullptr);
    }
    QMetaObject::invokeMethod(
        mirrors,
        [mirrors, thread = thread_.get()] {
            delete mirrors;
            thread->quit();
        },
        Qt::QueuedConnection);
    thread_->wait();
    thread_.reset();
}

void MirrorSources::pause()
{
    QMetaObject::invokeMethod(
        mirrors_, [mirrors = mirrors_] { mirrors->rest(); }, Qt::BlockingQueuedConnection);
}

void MirrorSources::resume()
{
    QMetaObject::invokeMethod(
        mirrors_, [mirrors = mirrors_] { mirrors->go(); }, Qt::QueuedConnection);
}

void MirrorSources::catalogChanged()
{
    const std::lock_guard lock(mutex_);
    if (!mirrors_ || isChangePending_.exchange(true))
        return;
    QMetaObject::invokeMethod(
        mirrors_,
        [this, mirrors = mirrors_] {
            isChangePending_ = false;
            mirrors->update();
        },
        Qt::QueuedConnection);
}

void MirrorSources::readIssuerAgain(SourceKey mirror)
{
    const std::lock_guard lock(mutex_);
    if (mirrors_)
        QMetaObject::invokeMethod(
            mirrors_, [mirrors = mirrors_, mirror] { mirrors->readIssuerAgain(mirror); }, Qt::QueuedConnection);
}

MirrorState MirrorSources::state(const SourceName& name) const
{
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(name);
    return found == states_.end() ? MirrorState{} : found->second;
}

void MirrorSources::show(const SourceName& name, const std::optional<MirrorState>& state)
{
    {
        const std::lock_guard lock(mutex_);
        MirrorState& shown = states_[name];
        if (shown == state.value_or(MirrorState{}))
            return;
        shown = state.value_or(MirrorState{});
        if (!state)
            states_.erase(name);
    }
    if (hooks_.state && state)
        hooks_.state(name, *state);
}

} // namespace iotman::mirror
