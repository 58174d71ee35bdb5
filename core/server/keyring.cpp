#include "core/server/keyring.h"

#include "core/server/privatefile.h"
#include "core/server/token.h"

#include <chrono>
#include <cstdlib>
#include <thread>

namespace iotman::server {

namespace {

constexpr const char* keyFile = "signing-key.pem";
constexpr const char* retiredFile = "retired-keys.json";

/// Keeps room for the key on the disk until it is made: a start on a full one fails, and not some time later.
constexpr const char* roomFile = "signing-key.room";
constexpr std::size_t roomBytes = 8192;

/// Makes a key and stores it; when another start was quicker, its key is the one that counts. One that cannot be stored serves until
/// the program ends: tokens live no longer than that.
Expected<SigningKey> makeKey(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / keyFile;
    return SigningKey::generate().map([&](const SigningKey& key) {
        std::error_code ignored;
        std::filesystem::remove(folder / roomFile, ignored);
        const Expected<Created> created = createPrivateFile(file, key.pem());
        if (!created || *created == Created::Yes)
            return key;
        return readPrivateFile(file).and_then([](const std::string& pem) { return SigningKey::fromPem(pem); }).value_or(key);
    });
}

struct RetiredFile {
    std::vector<std::pair<PublicKey, Timestamp>> keys;
    bool hasPrivateHalves = false; ///< as earlier versions kept them
};

Expected<RetiredFile> readRetiredFile(const std::filesystem::path& file)
{
    RetiredFile retired;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return retired;
    const Expected<Json> json = readPrivateFile(file).and_then([](const std::string& text) { return parseJson(text); });
    if (!json)
        return fail(json.error().within(file.string()));
    if (!json->is_array())
        return fail(Problem::Internal, file.string() + " is damaged: expected a list of keys");
    for (const Json& entry : *json) {
        ObjectReader reader(entry);
        const Json* jwk = reader.any("jwk");
        const std::optional<std::string> pem = reader.optionalText("key");
        const Timestamp until = reader.time("until").value_or(Timestamp{});
        const Expected<PublicKey> key = reader.finish().and_then([&] {
            return pem ? SigningKey::fromPem(*pem).map([](const SigningKey& whole) { return whole.publicKey(); })
                       : PublicKey::fromJwk(jwk ? *jwk : Json());
        });
        if (!key)
            return fail(Problem::Internal, file.string() + " is damaged: one of its keys is none"); // its words would quote what is in it
        retired.keys.emplace_back(*key, until);
        retired.hasPrivateHalves = retired.hasPrivateHalves || pem;
    }
    return retired;
}

Expected<SigningKey> readKey(const std::filesystem::path& file)
{
    return readPrivateFile(file).and_then([&](const std::string& pem) -> Expected<SigningKey> {
        const Expected<SigningKey> key = SigningKey::fromPem(pem);
        return key ? key : fail(key.error().within(file.string()));
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
        const Expected<SigningKey> key = readKey(file);
        if (!key)
            return fail(key.error());
        ring->current_.push_back(*key);
        std::filesystem::remove(folder / roomFile, ignored); // of a start that was killed
    } else {
        if (auto room = replacePrivateFile(folder / roomFile, std::string(roomBytes, ' ')); !room)
            return fail(room.error());
        ring->making_ = std::async(std::launch::async, [folder] { return makeKey(folder); });
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
    // OpenSSL has no memory or no randomness left: nothing that follows would be right.
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
    const std::string kid = current_.front().kid();
    std::vector<Retired> retired = retired_;
    std::erase_if(retired, [&](const Retired& one) { return one.until <= clock_.now() || one.key.kid() == kid; });
    if (retired.size() + 2 > mostPublishedKeys)
        return fail(Problem::Conflict, "the key was changed " + std::to_string(retired.size()) + " times within the life of a token; wait until the first of them have expired");
    retired.push_back({current_.front().publicKey(), until});
    if (auto written = writeRetired(retired); !written)
        return fail(written.error());
    if (auto written = replacePrivateFile(folder_ / keyFile, fresh->pem()); !written)
        return fail(written.error());
    retired_ = std::move(retired);
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
    const Expected<RetiredFile> file = readRetiredFile(folder_ / retiredFile);
    if (!file)
        return fail(file.error());
    const std::string kid = current_.empty() ? std::string() : current_.front().kid();
    for (const auto& [key, until] : file->keys) {
        if (clock_.now() < until && key.kid() != kid) // a rotation that ended half-way
            retired_.push_back({key, until});
    }
    return file->hasPrivateHalves ? writeRetired(retired_) : Expected<void>();
}

Expected<void> KeyRing::writeRetired(const std::vector<Retired>& all) const
{
    Json json = Json::array();
    for (const Retired& retired : all)
        json.push_back({{"jwk", retired.key.jwk()}, {"until", timeJson(retired.until)}});
    return replacePrivateFile(folder_ / retiredFile, jsonText(json));
}

Expected<SigningKey> KeyRing::read(const std::filesystem::path& folder)
{
    constexpr auto longest = std::chrono::seconds(60);
    constexpr auto pause = std::chrono::milliseconds(20);
    std::error_code ignored;
    for (auto waited = std::chrono::milliseconds(0); waited < longest && !std::filesystem::exists(folder / keyFile, ignored); waited += pause)
        std::this_thread::sleep_for(pause);
    return readKey(folder / keyFile);
}

Expected<void> KeyRing::check(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (std::filesystem::exists(folder / keyFile, ignored)) { // one that is missing is made at the next start
        const auto key = readKey(folder / keyFile);
        if (!key)
            return fail(key.error());
        if (!key->isWhole())
            return fail(Problem::Internal, (folder / keyFile).string() + " is damaged: its numbers do not belong together");
    }
    return readRetiredFile(folder / retiredFile).map([](const RetiredFile&) {});
}

} // namespace iotman::server
