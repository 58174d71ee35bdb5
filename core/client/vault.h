// Where secrets stay from one start of the program to the next.
#pragma once

#include "core/client/call.h"
#include "core/client/secret.h"

namespace iotman::client {

/// Secrets by name. Whoever has no vault at hand gets an error, and keeps the secret for this session only: it is never written
/// anywhere else.
class Vault : public QObject {
public:
    using QObject::QObject;

    /// Errors: NotFound where nothing is kept under that name; Unavailable where there is no vault, Forbidden where it stays
    /// locked: with a sentence for people.
    virtual Call read(const QString& name, QObject* context, Reply<Secret> reply) = 0;
    virtual Call write(const QString& name, const Secret& secret, QObject* context, Reply<void> reply) = 0;
    /// What is not there is removed already.
    virtual Call remove(const QString& name, QObject* context, Reply<void> reply) = 0;
};

} // namespace iotman::client
