#include "core/server/signingkey.h"

#include "core/model/digest.h"
#include "core/model/encoding.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>


namespace iotman::server {

struct SigningKey::Key {
    EVP_PKEY* pkey = nullptr;

    explicit Key(EVP_PKEY* owned) : pkey(owned) {}
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    ~Key() { EVP_PKEY_free(pkey); }
};

namespace {

constexpr unsigned keyBits = 2048;

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

std::string numberText(const EVP_PKEY* key, const char* parameter)
{
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
        return {};
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(number);
    return base64Url(bytes);
}

} // namespace

SigningKey::SigningKey(std::shared_ptr<const Key> key) : key_(std::move(key))
{
    modulus_ = numberText(key_->pkey, OSSL_PKEY_PARAM_RSA_N);
    exponent_ = numberText(key_->pkey, OSSL_PKEY_PARAM_RSA_E);
    // RFC 7638 §3: the required members in lexicographic order, without white space.
    const std::string thumbprint = R"({"e":")" + exponent_ + R"(","kty":"RSA","n":")" + modulus_ + R"("})";
    kid_ = base64Url(sha256(thumbprint));
}

Expected<SigningKey> SigningKey::generate()
{
    EVP_PKEY* key = EVP_RSA_gen(keyBits);
    if (!key)
        return fail(Problem::Internal, "no signing key could be made");
    return SigningKey(std::make_shared<Key>(key));
}

Expected<SigningKey> SigningKey::fromPem(std::string_view pem)
{
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < static_cast<int>(keyBits)) {
        EVP_PKEY_free(key);
        return fail(Problem::BadRequest, "expected an RSA key of at least 2048 bits as PKCS#8 in PEM");
    }
    return SigningKey(std::make_shared<Key>(key));
}

std::string SigningKey::pem() const
{
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key_->pkey, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Json SigningKey::publicJwk() const
{
    return {{"kty", "RSA"}, {"use", "sig"}, {"alg", "RS256"}, {"kid", kid_}, {"n", modulus_}, {"e", exponent_}};
}

std::string SigningKey::sign(std::string_view text) const
{
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pkey);
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    signature.resize(size);
    return signature;
}

bool SigningKey::verify(std::string_view text, std::string_view signature) const
{
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pkey) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

} // namespace iotman::server
