#include "core/client/keychain.h"

#include "core/client/text.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingReply>
#include <qt6keychain/keychain.h>

namespace iotman::client {

namespace {

const Error staysLocked{Problem::Forbidden, "The keychain stayed locked."};

/// Whether the keychain has such an entry behind its lock. That nobody opened it when it was asked is told in no other way.
/// Secret Service API, org.freedesktop.Secret.Service.SearchItems
void lookBehindLock(QObject* owner, const QString& service, const QString& name, std::function<void(bool)> reply)
{
    using Attributes = QMap<QString, QString>;
    using Items = QList<QDBusObjectPath>;
    qDBusRegisterMetaType<Attributes>();
    const QString secrets = QStringLiteral("org.freedesktop.secrets");
    QDBusMessage message =
        QDBusMessage::createMethodCall(secrets, QStringLiteral("/org/freedesktop/secrets"),
                                       QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("SearchItems"));
    message << QVariant::fromValue(Attributes{{QStringLiteral("server"), service}, {QStringLiteral("user"), name}});
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), owner);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, owner, [watcher, reply = std::move(reply)] {
        watcher->deleteLater();
        const QDBusPendingReply<Items, Items> found = *watcher;
        reply(found.isValid() && !found.argumentAt<1>().isEmpty());
    });
}

Error errorOf(const QKeychain::Job& job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {Problem::NotFound, "The keychain has no such entry."};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return staysLocked;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {Problem::Unavailable, "No keychain (Secret Service) runs on this computer."};
    default:
        return {Problem::Unavailable, "The keychain does not answer: " + fromQt(job.errorString())};
    }
}

/// Starts the job and hands on what it ends with. The job belongs to itself until then: a prompt may stay open for long.
template <class T, class Job, class Result>
Call run(QObject* owner, Job* job, const QString& name, QObject* context, Reply<T> reply, Result result)
{
    const Pending<T> pending(owner, context, std::move(reply));
    job->setInsecureFallback(false);
    job->setKey(name);
    job->setAutoDelete(true);
    QObject::connect(job, &QKeychain::Job::finished, owner, [owner, pending, job, result] {
        const Expected<T> ended = result(*job);
        // What nobody unlocked counts as removed, and as not there.
        const bool removed = std::is_same_v<Job, QKeychain::DeletePasswordJob> && job->error() == QKeychain::NoError;
        if (job->error() != QKeychain::EntryNotFound && !removed)
            return pending.finish(ended);
        lookBehindLock(owner, job->service(), job->key(),
                       [pending, ended](bool locked) { pending.finish(locked ? Expected<T>(fail(staysLocked)) : ended); });
    });
    job->start();
    return pending.call();
}

} // namespace

Keychain::Keychain(const QString& service, QObject* parent)
    : Vault(parent)
    , service_(service)
{
}

Call Keychain::read(const QString& name, QObject* context, Reply<Secret> reply)
{
    using Job = QKeychain::ReadPasswordJob;
    return run(this, new Job(service_), name, context, std::move(reply), [](const Job& job) -> Expected<Secret> {
        if (job.error() != QKeychain::NoError)
            return fail(errorOf(job));
        return Secret(fromQt(job.textData()));
    });
}

Call Keychain::write(const QString& name, const Secret& secret, QObject* context, Reply<void> reply)
{
    using Job = QKeychain::WritePasswordJob;
    auto* job = new Job(service_);
    job->setTextData(toQt(secret.reveal()));
    return run(this, job, name, context, std::move(reply), [](const Job& done) -> Expected<void> {
        if (done.error() != QKeychain::NoError)
            return fail(errorOf(done));
        return {};
    });
}

Call Keychain::remove(const QString& name, QObject* context, Reply<void> reply)
{
    using Job = QKeychain::DeletePasswordJob;
    return run(this, new Job(service_), name, context, std::move(reply), [](const Job& job) -> Expected<void> {
        if (job.error() != QKeychain::NoError && job.error() != QKeychain::EntryNotFound)
            return fail(errorOf(job));
        return {};
    });
}

} // namespace iotman::client
