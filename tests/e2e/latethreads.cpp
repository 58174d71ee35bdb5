// Preloaded into a program, it lets threads free what OpenSSL keeps for them as late as can be: once the program is through with
// all that is done at its end. A thread that someone waits for goes on after a moment.
#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>

namespace {

using Destructor = void (*)(void*);

std::atomic<Destructor> ofOpenSsl = nullptr;
std::atomic<int> late = 0;
std::atomic<bool> isEnd = false;

template <class Condition>
void waitUntil(const Condition& condition)
{
    constexpr int longest = 500; // ms
    for (int waited = 0; waited < longest && !condition(); ++waited)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void destroyLate(void* value)
{
    ++late;
    waitUntil([] { return isEnd.load(); });
    ofOpenSsl.load()(value);
    --late;
}

[[gnu::destructor]] void end()
{
    isEnd = true;
    waitUntil([] { return late == 0; });
}

} // namespace

extern "C" int pthread_key_create(pthread_key_t* key, Destructor destructor) noexcept
{
    static const auto next = reinterpret_cast<int (*)(pthread_key_t*, Destructor)>(dlsym(RTLD_NEXT, "pthread_key_create"));
    Dl_info place{};
    const bool isOpenSsl = destructor && dladdr(reinterpret_cast<void*>(destructor), &place) != 0 &&
                           std::string_view(place.dli_fname).find("libcrypto") != std::string_view::npos;
    if (!isOpenSsl)
        return next(key, destructor);
    ofOpenSsl = destructor;
    return next(key, destroyLate);
}
