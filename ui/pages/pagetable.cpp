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

constexpr PageRow rows[] = {
    {PageId::Endpoints, &made<EndpointsPage>, false},
    {PageId::Outputs, &made<OutputsPage>, true},
    {PageId::Access, &made<AccessPage>, true},
    {PageId::Cors, &made<CorsPage>, true},
};

} // namespace

std::span<const PageRow> pageTable()
{
    return rows;
}

std::optional<qint64> pageCount(PageId id, const Session& session)
{
    if (!session.isLoaded())
        return std::nullopt;
    switch (id) {
    case PageId::Endpoints:
        return static_cast<qint64>(session.endpoints().size());
    case PageId::Outputs:
        return static_cast<qint64>(session.outputs().size());
    case PageId::Sources:
        return static_cast<qint64>(session.sources().size());
    case PageId::Cors:
        return session.cors() ? std::optional(static_cast<qint64>(session.cors()->value.origins.texts().size())) : std::nullopt;
    case PageId::Access:
    case PageId::Monitor:
    case PageId::Activity:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace iotman::ui
