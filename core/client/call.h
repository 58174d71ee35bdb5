// Asynchronous calls: a handle for the one who asks, and its counterpart for the one who answers.
#pragma once

#include "core/model/error.h"

#include <QMetaObject>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <utility>

namespace iotman::client {

/// What a call ends with. It runs on the thread of the object that was asked, once at most, never before the call has
/// returned, and never after the context or the object that was asked is gone.
template <class T>
using Reply = std::function<void(Expected<T>)>;

/// A call under way. Letting go of the handle changes nothing. Same thread as the object that was asked.
class Call {
public:
    Call() = default;

    /// Ends the call, its request too; the reply is never run. No effect on a call that has ended.
    void cancel();
    bool isActive() const;

private:
    friend class PendingCall;
    struct State {
        bool active = true;
        std::function<void()> abort; ///< ends the step under way
        QMetaObject::Connection contextGone;
    };
    explicit Call(std::shared_ptr<State> state)
        : state_(std::move(state))
    {
    }

    std::shared_ptr<State> state_;
};

/// The answering side of a call, without its reply: which step runs, and whether anyone still wants the result.
class PendingCall {
public:
    /// The call ends unanswered when `context` is destroyed.
    PendingCall(QObject* owner, QObject* context);

    /// The handle for the one who asked.
    Call call() const { return Call(state_); }
    bool isActive() const { return state_->active && owner_ && context_; }
    /// What cancelling has to end from now on.
    void onCancel(std::function<void()> abort) const;
    /// The same, for a step that is a call itself.
    void step(Call call) const;

protected:
    /// True once: when the reply may run.
    bool close() const;

private:
    std::shared_ptr<Call::State> state_;
    QPointer<QObject> owner_;
    QPointer<QObject> context_;
};

/// The answering side with its reply; copies stand for the same call.
template <class T>
class Pending : public PendingCall {
public:
    Pending(QObject* owner, QObject* context, Reply<T> reply)
        : PendingCall(owner, context)
        , reply_(std::move(reply))
    {
    }

    /// Runs the reply. The reply may delete the owner: touch nothing of it afterwards.
    void finish(Expected<T> result) const
    {
        if (!close())
            return;
        const Reply<T> reply = reply_; // outlives this call, whatever the reply deletes
        reply(std::move(result));
    }

private:
    Reply<T> reply_;
};

} // namespace iotman::client
