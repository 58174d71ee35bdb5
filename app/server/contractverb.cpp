// `contract URL`: the same questions to a data API elsewhere and to one here, side by side.
#include "app/server/ownlab.h"
#include "app/server/verbs.h"
#include "core/client/text.h"
#include "core/lab/comparison.h"
#include "core/lab/report.h"

#include <QtCore/qeventloop.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace iotman {

namespace {

constexpr const char* secretVariable = "IOTMAN_CLIENT_SECRET";

Expected<void> write(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file)
        return fail(Problem::Internal, "“" + path.string() + "” cannot be written");
    return {};
}

/// Where tokens for an endpoint come from, unless somebody says: its own origin.
QUrl tokenUrl(const ContractArguments& arguments)
{
    if (!arguments.tokenUrl.empty())
        return QUrl(client::toQt(arguments.tokenUrl));
    const QUrl url(client::toQt(arguments.url));
    return QUrl(url.scheme() + QStringLiteral("://") + url.authority() + QStringLiteral("/oauth/token"));
}

/// What `begin` tells the function that it is given, sooner or later.
template <class T>
Expected<T> awaited(const std::function<void(std::function<void(Expected<T>)>)>& begin)
{
    QEventLoop loop;
    Expected<T> result = fail(Problem::Unavailable, "no answer came");
    begin([&](Expected<T> came) {
        result = std::move(came);
        loop.quit();
    });
    loop.exec();
    return result;
}

Expected<lab::Side> otherSide(const ContractArguments& arguments, client::Network& network, const Clock& clock)
{
    lab::Side side{arguments.url, {}, {}, {}};
    if (arguments.client.empty())
        return side;
    const char* secret = std::getenv(secretVariable); // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
    if (!secret)
        return fail(Problem::BadRequest,
                    std::string("expected the client's secret in the environment variable ") + secretVariable);
    side.credentials = {tokenUrl(arguments), client::toQt(arguments.client), client::Secret(secret), {}};
    client::TokenSource tokens(network, clock, side.credentials);
    return awaited<client::Token>([&](const auto& told) { tokens.token(&tokens, told); }).map([&](const client::Token& token) {
        side.token = token.text;
        return side;
    });
}

Expected<lab::Side> thisSide(lab::Here& here)
{
    return awaited<lab::Side>([&](const auto& told) {
        QObject::connect(&here, &lab::Here::ready, &here, told);
        QObject::connect(&here, &lab::Here::failed, &here, [told](const Error& error) { told(fail(error)); });
        here.start();
    });
}

/// Prints each finding as soon as it is there.
Expected<std::vector<lab::Finding>> findings(lab::Comparison& comparison)
{
    return awaited<std::vector<lab::Finding>>([&](const auto& told) {
        QObject::connect(&comparison, &lab::Comparison::found, &comparison, [&comparison, told](const lab::Finding& finding) {
            if (auto printed = printLine(lab::lineOf(finding)); !printed) {
                comparison.cancel();
                told(fail(printed.error()));
            }
        });
        QObject::connect(&comparison, &lab::Comparison::finished, &comparison,
                         [&comparison, told] { told(comparison.findings()); });
        comparison.start();
    });
}

} // namespace

Expected<int> contract(const ContractArguments& arguments, const World& world)
{
    client::Network network;
    const Expected<lab::Side> there = otherSide(arguments, network, world.clock);
    if (!there)
        return fail(there.error());
    OwnLab own(there->token.isEmpty() ? lab::Access::Public : lab::Access::Restricted, world.clock, world.random);
    const Expected<lab::Side> here = thisSide(own);
    if (!here)
        return fail(here.error());
    lab::Comparison comparison(network, *there, {arguments.pause}, *here, {std::chrono::milliseconds(0)});
    const Expected<std::vector<lab::Finding>> found = findings(comparison);
    if (!found)
        return fail(found.error());
    if (!arguments.junit.empty()) {
        if (auto written = write(arguments.junit, lab::junit(arguments.url, *found)); !written)
            return fail(written.error());
    }
    const auto isTold = [](const lab::Finding& finding) { return finding.verdict() != lab::Verdict::Unknown; };
    if (!found->empty() && std::none_of(found->begin(), found->end(), isTold))
        return fail(Problem::Unavailable, "nothing could be compared: " + found->front().there.text());
    if (lab::hasDifference(*found))
        return exitDifferent;
    if (comparison.isGivenUp())
        return fail(Problem::Unavailable, "not everything could be compared: " + found->back().there.text());
    return exitDone;
}

} // namespace iotman
