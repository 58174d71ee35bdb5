#include "core/client/call.h"

namespace iotman::client {

void Call::cancel()
{
    if (!state_ || !state_->active)
        return;
    state_->active = false;
    QObject::disconnect(state_->contextGone);
    if (const auto abort = std::exchange(state_->abort, nullptr))
        abort();
}

bool Call::isActive() const
{
    return state_ && state_->active;
}

PendingCall::PendingCall(QObject* owner, QObject* context)
    : state_(std::make_shared<Call::State>())
    , owner_(owner)
    , context_(context)
{
    const std::weak_ptr<Call::State> weak = state_;
    state_->contextGone = QObject::connect(context, &QObject::destroyed, owner, [weak] {
        if (const auto state = weak.lock())
            Call(state).cancel();
    });
}

void PendingCall::onCancel(std::function<void()> abort) const
{
    if (state_->active)
        state_->abort = std::move(abort);
    else
        abort();
}

void PendingCall::step(Call call) const
{
    onCancel([call]() mutable { call.cancel(); });
}

bool PendingCall::close() const
{
    const bool wanted = isActive();
    state_->active = false;
    state_->abort = nullptr;
    QObject::disconnect(state_->contextGone);
    return wanted;
}

} // namespace iotman::client
