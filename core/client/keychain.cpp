#include "core/client/keychain.h"

#include "core/client/text.h"

#include <qt6keychain/keychain.h>

namespace iotman::client {

namespace {

Error errorOf(const QKeychain::Job& job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {Problem::NotFound, "The keychain has no such entry."};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {Problem::Forbidden, "The keychain stayed locked."};
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
    QObject::connect(job, &QKeychain::Job::finished, owner, [pending, job, result] { pending.finish(result(*job)); });
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
