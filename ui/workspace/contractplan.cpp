#include "ui/workspace/contractplan.h"

#include "core/client/address.h"
#include "core/client/text.h"
#include "ui/pages/connection.h"

#include <QCoreApplication>

namespace iotman::ui {

using client::toQt;

namespace {

struct ContractWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::ContractPlan)
};

/// The address of an endpoint's pages; the error stays empty while nothing was typed.
std::optional<QUrl> pageAt(const QString& typed, QString& error)
{
    if (typed.trimmed().isEmpty())
        return std::nullopt;
    const Expected<client::EndpointAddress> address = client::EndpointAddress::parse(typed.trimmed());
    if (!address) {
        error = toQt(address.error().detail);
        return std::nullopt;
    }
    return address->page;
}

std::string textOf(const QUrl& url)
{
    return url.toString(QUrl::FullyEncoded).toStdString();
}

} // namespace

QUrl usualTokenUrl(const QUrl& page)
{
    QUrl url = page;
    if (const Expected<EndpointPlace> place = endpointPlace(page))
        url = place->server;
    else
        url.setPath({});
    url.setPath(url.path() + QStringLiteral("/oauth/token"));
    return url;
}

ContractCheck checkContract(const ContractFields& fields)
{
    ContractCheck check;
    const std::optional<QUrl> page = pageAt(fields.url, check.urlError);
    const std::optional<QUrl> other = fields.besideAnother ? pageAt(fields.otherUrl, check.otherError) : std::nullopt;
    const QString client = fields.client.trimmed();
    const QUrl tokens(fields.tokenUrl.trimmed(), QUrl::StrictMode);
    if (client.isEmpty() != fields.secret.isEmpty())
        check.clientError = ContractWords::tr("A client needs both its id and its secret.");
    else if (!client.isEmpty() && fields.besideAnother)
        check.clientError =
            ContractWords::tr("A secret is for one server only: compare a restricted endpoint beside this program’s server.");
    else if (!fields.tokenUrl.trimmed().isEmpty() && (!tokens.isValid() || !tokens.scheme().startsWith(u"http")))
        check.clientError = ContractWords::tr("Expected an address such as https://host/oauth/token.");
    if (!page)
        check.missing = check.urlError.isEmpty() ? ContractWords::tr("Type the address of an endpoint first.") : check.urlError;
    else if (fields.besideAnother && !other)
        check.missing = check.otherError.isEmpty() ? ContractWords::tr("Type the other address first.") : check.otherError;
    else
        check.missing = check.clientError;
    if (!check.missing.isEmpty())
        return check;
    ContractPlan plan;
    plan.there.endpoint = textOf(*page);
    if (!client.isEmpty())
        plan.there.credentials = {tokens.isEmpty() ? usualTokenUrl(*page) : tokens,
                                  client,
                                  client::Secret(client::fromQt(client::cleanPasted(fields.secret))),
                                  {}};
    if (other)
        plan.here = lab::Side{textOf(*other), {}, {}, {}};
    plan.manners.pause = std::chrono::milliseconds(fields.pause);
    check.plan = std::move(plan);
    return check;
}

} // namespace iotman::ui
