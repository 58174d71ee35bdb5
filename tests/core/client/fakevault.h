// A vault in memory, which may refuse as a keychain does.
#pragma once

#include "core/client/vault.h"

#include <map>
#include <optional>

namespace iotman::client {

class FakeVault : public Vault {
public:
    std::map<QString, Secret> kept;
    std::optional<Error> refusal; ///< what every call is answered with

    Call read(const QString& name, QObject* context, Reply<Secret> reply) override
    {
        const auto found = kept.find(name);
        return answer<Secret>(context, std::move(reply),
                              found == kept.end() ? Expected<Secret>(fail(Problem::NotFound, "There is no such entry."))
                                                  : Expected<Secret>(found->second));
    }
    Call write(const QString& name, const Secret& secret, QObject* context, Reply<void> reply) override
    {
        if (!refusal)
            kept[name] = secret;
        return answer<void>(context, std::move(reply), {});
    }
    Call remove(const QString& name, QObject* context, Reply<void> reply) override
    {
        if (!refusal)
            kept.erase(name);
        return answer<void>(context, std::move(reply), {});
    }

private:
    template <class T>
    Call answer(QObject* context, Reply<T> reply, Expected<T> result)
    {
        const Pending<T> pending(this, context, std::move(reply));
        if (refusal)
            result = fail(*refusal);
        QMetaObject::invokeMethod(
            this, [pending, result] { pending.finish(result); }, Qt::QueuedConnection);
        return pending.call();
    }
};

} // namespace iotman::client
