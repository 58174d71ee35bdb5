#include "core/server/publickey.h"

#include "core/model/digest.h"
#include "core/model/encoding.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>

namespace iotman::server {

namespace {

constexpr int mostKeyBits = 8192; ///< each signature costs the square of it
constexpr std::size_t longestExponent = 8;
constexpr std::size_t longestKid = 512;

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

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

Number numberOf(const std::string& bytes)
{
    return {BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr), BN_free};
}

std::shared_ptr<EVP_PKEY> keyOf(const BIGNUM* modulus, const BIGNUM* exponent)
{
    const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent);
    const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(OSSL_PARAM_BLD_to_param(builder.get()), OSSL_PARAM_free);
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr),
                                                                              EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) == 1)
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
    return {key, EVP_PKEY_free};
}

std::string memberOf(const Json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool isAbsentOr(const Json& object, const char* member, const char* value)
{
    return !object.contains(member) || memberOf(object, member) == value;
}

/// RFC 7517 §4.3: what a key may be used for, where it says so.
bool mayVerify(const Json& jwk)
{
    const auto operations = jwk.find("key_ops");
    return operations == jwk.end() ||
           (operations->is_array() && std::find(operations->begin(), operations->end(), Json("verify")) != operations->end());
}

tl::unexpected<Error> unusable(const char* why)
{
    return fail(Problem::BadRequest, std::string("expected an RSA key for RS256 signatures, but ") + why);
}

} // namespace

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key))
    , modulus_(numberText(key_.get(), OSSL_PKEY_PARAM_RSA_N))
    , exponent_(numberText(key_.get(), OSSL_PKEY_PARAM_RSA_E))
{
    // RFC 7638 §3: the required members in lexicographic order, without white space.
    const std::string thumbprint = R"({"e":")" + exponent_ + R"(","kty":"RSA","n":")" + modulus_ + R"("})";
    kid_ = base64Url(sha256(thumbprint));
}

Expected<PublicKey> PublicKey::fromJwk(const Json& jwk)
{
    if (!jwk.is_object() || memberOf(jwk, "kty") != "RSA")
        return unusable("it is of another kind");
    if (!isAbsentOr(jwk, "alg", "RS256") || !isAbsentOr(jwk, "use", "sig") || !mayVerify(jwk))
        return unusable("it is for something else");
    const std::optional<std::string> modulus = fromBase64Url(memberOf(jwk, "n")), exponent = fromBase64Url(memberOf(jwk, "e"));
    if (!modulus || !exponent || modulus->size() > mostKeyBits / 8 || exponent->empty() || exponent->size() > longestExponent)
        return unusable("its numbers cannot be read");
    const Number n = numberOf(*modulus), e = numberOf(*exponent);
    if (BN_num_bits(n.get()) < leastKeyBits || BN_num_bits(n.get()) > mostKeyBits)
        return unusable("it has not 2,048 to 8,192 bits");
    if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get()))
        return unusable("its numbers cannot be those of a key");
    std::shared_ptr<EVP_PKEY> key = keyOf(n.get(), e.get());
    if (!key)
        return unusable("its numbers cannot be those of a key");
    if (jwk.contains("kid") && (!jwk["kid"].is_string() || memberOf(jwk, "kid").size() > longestKid))
        return unusable("its kid is no text of at most 512 bytes");
    PublicKey made(std::move(key));
    made.kid_ = memberOf(jwk, "kid");
    return made;
}

Json PublicKey::jwk() const
{
    Json jwk{{"kty", "RSA"}, {"use", "sig"}, {"alg", "RS256"}};
    if (!kid_.empty())
        jwk["kid"] = kid_;
    jwk["n"] = modulus_;
    jwk["e"] = exponent_;
    return jwk;
}

bool PublicKey::verify(std::string_view text, std::string_view signature) const
{
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

Expected<std::vector<PublicKey>> keysOfSet(std::string_view jwks)
{
    const Expected<Json> json = parseJson(jwks);
    if (!json)
        return fail(json.error());
    const auto keys = json->is_object() ? json->find("keys") : json->end();
    if (keys == json->end() || !keys->is_array())
        return fail(Problem::BadRequest, "expected a JWK set: an object with an array “keys”");
    if (keys->size() > mostPublishedKeys)
        return fail(Problem::BadRequest, "expected at most " + std::to_string(mostPublishedKeys) + " keys");
    std::vector<PublicKey> usable;
    for (const Json& jwk : *keys) {
        if (Expected<PublicKey> key = PublicKey::fromJwk(jwk))
            usable.push_back(std::move(*key));
    }
    return usable;
}

Json setOf(const std::vector<PublicKey>& keys)
{
    Json all = Json::array();
    for (const PublicKey& key : keys)
        all.push_back(key.jwk());
    return {{"keys", std::move(all)}};
}

} // namespace iotman::server
