#include "core/store/readgate.h"

#include <thread>

namespace iotman::store {

namespace {

/// A page takes about 10 µs.
constexpr auto betweenLooks = std::chrono::microseconds(20);

} // namespace

void ReadGate::add(Keeper& keeper)
{
    const std::lock_guard lock(keepersMutex_);
    keepers_.push_back(&keeper);
}

void ReadGate::remove(Keeper& keeper)
{
    const std::lock_guard lock(keepersMutex_);
    std::erase(keepers_, &keeper);
}

void ReadGate::endKept()
{
    const std::lock_guard lock(keepersMutex_);
    for (Keeper* keeper : keepers_)
        keeper->endKept();
}

void ReadGate::enter()
{
    for (;;) {
        isClosed_.wait(true);
        inside_.fetch_add(1);
        if (!isClosed_.load())
            return;
        inside_.fetch_sub(1);
    }
}

bool ReadGate::close(std::chrono::microseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    isClosed_.store(true);
    while (inside_.load() > 0) {
        if (std::chrono::steady_clock::now() > until) {
            open();
            return false;
        }
        std::this_thread::sleep_for(betweenLooks);
    }
    endKept();
    return true;
}

void ReadGate::open()
{
    isClosed_.store(false);
    isClosed_.notify_all();
}

} // namespace iotman::store
