#include "core/server/signingkey.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace iotman::server {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

} // namespace

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key))
    , public_(key_)
{
}

namespace {

/// Else OpenSSL asks on the terminal.
int noPassphrase(char*, int, int, void*)
{
    return -1;
}

} // namespace

Expected<SigningKey> SigningKey::generate()
{
    std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(leastKeyBits), EVP_PKEY_free);
    if (!key)
        return fail(Problem::Internal, "no signing key could be made");
    return SigningKey(std::move(key));
}

Expected<SigningKey> SigningKey::fromPem(std::string_view pem)
{
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr), EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < leastKeyBits)
        return fail(Problem::BadRequest, "expected an RSA key of at least 2048 bits as PKCS#8 in PEM, without a pass phrase");
    SigningKey whole(std::move(key));
    // One bit of it may be another: what it signs would be nobody's.
    constexpr std::string_view some = "a";
    if (!whole.publicKey().verify(some, whole.sign(some)))
        return fail(Problem::BadRequest, "the private and the public part of the key do not belong together; it is damaged");
    return whole;
}

std::string SigningKey::pem() const
{
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

bool SigningKey::isWhole() const
{
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key_.get(), nullptr), EVP_PKEY_CTX_free);
    return context && EVP_PKEY_check(context.get()) == 1;
}

std::string SigningKey::sign(std::string_view text) const
{
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    signature.resize(size);
    return signature;
}

} // namespace iotman::server
