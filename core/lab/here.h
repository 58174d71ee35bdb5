// The side that this program is itself.
#pragma once

#include "core/lab/probe.h"

#include <QObject>

#include <functional>
#include <memory>

namespace iotman::lab {

enum class Access { Public, Restricted };

/// A server with an endpoint like those that are asked elsewhere; it is there as long as the object. Starting never makes the
/// caller wait.
class Here : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void start() = 0;
    /// Ends the server without making the caller wait; afterwards the object deletes itself.
    virtual void leave() = 0;

Q_SIGNALS:
    void ready(const iotman::lab::Side& side);
    void failed(const iotman::Error& error);
};

using HereMaker = std::function<std::unique_ptr<Here>(Access)>;

} // namespace iotman::lab
