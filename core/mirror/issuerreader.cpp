#include "core/mirror/issuerreader.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

namespace iotman::mirror {

namespace {

constexpr qint64 mostBytes = 256 << 10;
constexpr std::chrono::hours readAgain(1);
constexpr std::chrono::minutes longestWait(5);

} // namespace

IssuerReader::IssuerReader(const MirrorWorld& world, const TrustedIssuer& issuer, Told told)
    : world_(world)
    , uri_(client::toQt(issuer.jwksUri), QUrl::StrictMode)
    , told_(std::move(told))
    , backoff_({world.backoff.first, longestWait, world.backoff.stable}, world.random)
{
    again_.setSingleShot(true);
    again_.callOnTimeout(this, &IssuerReader::read);
}

void IssuerReader::read()
{
    if (flight_.isActive())
        return;
    again_.stop();
    const client::HttpRequest request{"GET", uri_, {{"Accept", "application/jwk-set+json, application/json"}}, {}, mostBytes};
    flight_ = world_.network.send(request, this, [this](const Expected<client::HttpAnswer>& answer) { arrived(answer); });
}

void IssuerReader::arrived(const Expected<client::HttpAnswer>& answer)
{
    const auto jwks = answer.and_then([](const client::HttpAnswer& got) -> Expected<std::string> {
        return got.isSuccess() ? Expected<std::string>(got.body.toStdString()) : fail(client::refusal(got));
    });
    if (told_(jwks)) {
        backoff_.received();
        again_.start(readAgain);
    } else {
        again_.start(backoff_.lost(world_.clock.now()));
    }
}

} // namespace iotman::mirror
