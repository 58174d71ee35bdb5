#include "ui/pages/pagetable.h"

#include "ui/pages/accesspage.h"
#include "ui/pages/corspage.h"
#include "ui/pages/endpointspage.h"
#include "ui/pages/outputspage.h"

namespace iotman::ui {

namespace {

template <class T>
Page* made(Session& session, QSettings& settings)
{
    return new T(session, settings);
}

std::optional<qint64> endpointCount(const Session& session)
{
    return static_cast<qint64>(session.endpoints().size());
}

std::optional<qint64> outputCount(const Session& session)
{
    return static_cast<qint64>(session.outputs().size());
}

std::optional<qint64> originCount(const Session& session)
{
    return session.cors() ? std::optional(static_cast<qint64>(session.cors()->value.origins.texts().size())) : std::nullopt;
}

constexpr PageRow rows[] = {
    {PageId::Endpoints, &made<EndpointsPage>, false, &endpointCount},
    {PageId::Outputs, &made<OutputsPage>, true, &outputCount},
    {PageId::Access, &made<AccessPage>, true, nullptr},
    {PageId::Cors, &made<CorsPage>, true, &originCount},
};

} // namespace

std::span<const PageRow> pageTable()
{
    return rows;
}

} // namespace iotman::ui
