#include "core/client/clientcertificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace iotman::client {

namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* held) const
    {
        release(held);
    }
};

void freeStack(STACK_OF(X509) * stack)
{
    sk_X509_pop_free(stack, X509_free);
}

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Certificates = std::unique_ptr<STACK_OF(X509), Release<freeStack>>;
using Container = std::unique_ptr<PKCS12, Release<PKCS12_free>>;

/// What went wrong here must not stand in the way of whoever asks this thread for its errors next.
struct QuietErrors {
    ~QuietErrors() { ERR_clear_error(); }
};

auto wrong(const char* field, std::string sentence)
{
    return fail(Problem::BadRequest, std::move(sentence), field);
}

Bio reader(const QByteArray& bytes)
{
    return Bio(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

auto refusedPassphrase(const Secret& passphrase)
{
    return wrong("passphrase", passphrase.isEmpty() ? "The key is encrypted: type its passphrase." : "The passphrase is wrong.");
}

struct Prompt {
    const Secret& passphrase;
    bool asked = false;
};

int answerPrompt(char* buffer, int size, int /*writing*/, void* asking)
{
    auto* prompt = static_cast<Prompt*>(asking);
    prompt->asked = true;
    const std::string& text = prompt->passphrase.reveal();
    const int length = std::min(size, static_cast<int>(text.size()));
    std::memcpy(buffer, text.data(), static_cast<std::size_t>(length));
    return length;
}

/// `field` is the file that ought to hold it.
Expected<PrivateKey> keyIn(const QByteArray& pem, const Secret& passphrase, bool isOwnFile)
{
    Prompt prompt{passphrase};
    PrivateKey key(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, answerPrompt, &prompt));
    if (key)
        return key;
    if (prompt.asked)
        return refusedPassphrase(passphrase);
    return wrong("key", isOwnFile ? "The file holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)."
                                  : "The certificate’s file holds no key: choose the key’s file, too.");
}

Expected<QSslKey> usable(EVP_PKEY& key)
{
    const int kind = EVP_PKEY_get_base_id(&key);
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        return wrong("key", "Expected an RSA or EC key; other kinds are not supported.");
    const Bio memory(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PrivateKey_traditional(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    char* pem = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &pem);
    return QSslKey(QByteArray::fromRawData(pem, length), kind == EVP_PKEY_EC ? QSsl::Ec : QSsl::Rsa);
}

QSslCertificate converted(X509& certificate)
{
    unsigned char* der = nullptr;
    const int length = i2d_X509(&certificate, &der);
    const QSslCertificate made(QByteArray(reinterpret_cast<const char*>(der), std::max(length, 0)), QSsl::Der);
    OPENSSL_free(der);
    return made;
}

Expected<ClientCertificate> joined(X509& own, EVP_PKEY& key, QList<QSslCertificate> chain)
{
    if (X509_check_private_key(&own, &key) != 1)
        return wrong("key", "The key does not belong to this certificate.");
    return usable(key).map([&](QSslKey made) { return ClientCertificate{std::move(chain), std::move(made)}; });
}

Expected<ClientCertificate> fromPem(const QByteArray& certificate, const QByteArray& key, const Secret& passphrase)
{
    const Certificate own(PEM_read_bio_X509(reader(certificate).get(), nullptr, nullptr, nullptr));
    if (!own)
        return wrong("certificate", "The file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).");
    return keyIn(key.isEmpty() ? certificate : key, passphrase, !key.isEmpty()).and_then([&](const PrivateKey& found) {
        return joined(*own, *found, QSslCertificate::fromData(certificate, QSsl::Pem));
    });
}

/// RFC 7292 §4: whether the passphrase is right can be told from the integrity of the whole, apart from how the parts are
/// encrypted.
bool opens(PKCS12& container, const Secret& passphrase)
{
    const std::string& text = passphrase.reveal();
    // No passphrase at all and an empty one are two things there, and one to people.
    return PKCS12_mac_present(&container) == 0 ||
           PKCS12_verify_mac(&container, text.c_str(), static_cast<int>(text.size())) == 1 ||
           (text.empty() && PKCS12_verify_mac(&container, nullptr, 0) == 1);
}

Expected<ClientCertificate> fromContainer(PKCS12& container, const Secret& passphrase)
{
    if (!opens(container, passphrase))
        return refusedPassphrase(passphrase);
    EVP_PKEY* key = nullptr;
    X509* own = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(&container, passphrase.reveal().c_str(), &key, &own, &others) != 1)
        return wrong("certificate", "The file is encrypted in a way that is no longer supported (RC2, say): export it again.");
    const PrivateKey heldKey(key);
    const Certificate heldOwn(own);
    const Certificates heldOthers(others);
    if (!own || !key)
        return wrong("certificate", "The file holds no certificate with its key.");
    QList<QSslCertificate> chain{converted(*own)};
    for (int i = 0; i < sk_X509_num(others); ++i)
        chain << converted(*sk_X509_value(others, i));
    return joined(*own, *key, std::move(chain));
}

} // namespace

Expected<ClientCertificate> clientCertificateFrom(const QByteArray& certificate, const QByteArray& key, const Secret& passphrase)
{
    const QuietErrors quiet;
    if (certificate.contains("-----BEGIN "))
        return fromPem(certificate, key, passphrase);
    const Container container(d2i_PKCS12_bio(reader(certificate).get(), nullptr));
    if (!container)
        return wrong("certificate", "The file is neither PEM (-----BEGIN CERTIFICATE-----) nor PKCS#12 (.p12, .pfx).");
    return fromContainer(*container, passphrase);
}

} // namespace iotman::client
