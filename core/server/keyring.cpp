#include "core/server/keyring.h"

#include "core/server/privatefile.h"
#include "core/server/token.h"

#include <cstdlib>

namespace iotman::server {

namespace {

constexpr const char* keyFile = "signing-key.pem";
constexpr const char* retiredFile = "retired-keys.json";

/// Makes a key and stores it; when another start was quicker, its key is the one that counts.
Expected<SigningKey> makeKey(const std::filesystem::path& file)
{
    return SigningKey::generate().and_then([&](const SigningKey& key) -> Expected<SigningKey> {
        const Expected<Created> created = createPrivateFile(file, key.pem());
        if (!created)
            return fail(created.error());
        if (*created == Created::Yes)
            return key;
        return readPrivateFile(file).and_then([](const std::string& pem) { return SigningKey::fromPem(pem); });
    });
}

} // namespace

KeyRing::KeyRing(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

Expected<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& folder, const Clock& clock)
{
    std::unique_ptr<KeyRing> ring(new KeyRing(folder, clock));
    const std::filesystem::path file = folder / keyFile;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        const Expected<SigningKey> key = readPrivateFile(file).and_then([](const std::string& pem) { return SigningKey::fromPem(pem); });
        if (!key)
            return fail(key.error().within(file.string()));
        ring->current_.push_back(*key);
    } else {
        ring->making_ = std::async(std::launch::async, [file] { return makeKey(file); });
    }
    if (auto read = ring->readRetired(); !read)
        return fail(read.error());
    return ring;
}

void KeyRing::settle()
{
    if (!current_.empty())
        return;
    const Expected<SigningKey> key = making_.get();
    // Without a key no token can be checked: serving on would refuse everyone silently.
    if (!key)
        std::abort();
    current_.push_back(*key);
    ++generation_;
}

SigningKey KeyRing::current()
{
    const std::lock_guard lock(mutex_);
    settle();
    return current_.front();
}

std::vector<PublicKey> KeyRing::published()
{
    const std::lock_guard lock(mutex_);
    settle();
    std::vector<PublicKey> keys{current_.front().publicKey()};
    for (const Retired& retired : retired_) {
        if (clock_.now() < retired.until)
            keys.push_back(retired.key);
    }
    return keys;
}

Expected<SigningKey> KeyRing::rotate()
{
    const Expected<SigningKey> fresh = SigningKey::generate();
    if (!fresh)
        return fail(fresh.error());
    const std::lock_guard lock(mutex_);
    settle();
    const Timestamp until{clock_.now().us + tokenLifeSeconds * 1'000'000};
    std::erase_if(retired_, [&](const Retired& retired) { return retired.until <= clock_.now(); });
    retired_.push_back({current_.front().publicKey(), until});
    if (auto written = writeRetired(); !written)
        return fail(written.error());
    if (auto written = replacePrivateFile(folder_ / keyFile, fresh->pem()); !written)
        return fail(written.error());
    current_.front() = *fresh;
    ++generation_;
    return *fresh;
}

std::uint64_t KeyRing::generation() const
{
    const std::lock_guard lock(mutex_);
    return generation_;
}

Expected<void> KeyRing::readRetired()
{
    const std::filesystem::path file = folder_ / retiredFile;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return {};
    const Expected<Json> json = readPrivateFile(file).and_then([](const std::string& text) { return parseJson(text); });
    if (!json)
        return fail(json.error().within(file.string()));
    bool isOfBefore = false;
    for (const Json& entry : *json) {
        ObjectReader reader(entry);
        const Json* jwk = reader.any("jwk");
        const std::optional<std::string> pem = reader.optionalText("key"); // as earlier versions kept it, with its other half
        const Timestamp until = reader.time("until").value_or(Timestamp{});
        const Expected<PublicKey> key = reader.finish().and_then([&] {
            return pem ? SigningKey::fromPem(*pem).map([](const SigningKey& whole) { return whole.publicKey(); })
                       : PublicKey::fromJwk(jwk ? *jwk : Json());
        });
        if (!key)
            return fail(key.error().within(file.string()));
        isOfBefore = isOfBefore || pem;
        if (clock_.now() < until)
            retired_.push_back({*key, until});
    }
    return isOfBefore ? writeRetired() : Expected<void>();
}

Expected<void> KeyRing::writeRetired() const
{
    Json json = Json::array();
    for (const Retired& retired : retired_)
        json.push_back({{"jwk", retired.key.jwk()}, {"until", timeJson(retired.until)}});
    return replacePrivateFile(folder_ / retiredFile, jsonText(json));
}

} // namespace iotman::server
