#include "ui/pages/page.h"

#include <QCoreApplication>

namespace iotman::ui {

namespace {

struct PageWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Page)
};

} // namespace

QString pageName(PageId id)
{
    switch (id) {
    case PageId::Endpoints:
        return PageWords::tr("Endpoints");
    case PageId::Outputs:
        return PageWords::tr("Outputs");
    case PageId::Sources:
        return PageWords::tr("Sources");
    case PageId::Access:
        return PageWords::tr("Access");
    case PageId::Cors:
        return PageWords::tr("CORS");
    case PageId::Monitor:
        return PageWords::tr("Monitor");
    case PageId::Activity:
        return PageWords::tr("Activity");
    }
    return {};
}

QString pageMenuTitle(PageId id)
{
    switch (id) {
    case PageId::Endpoints:
        return PageWords::tr("E&ndpoints");
    case PageId::Outputs:
        return PageWords::tr("&Outputs");
    case PageId::Sources:
        return PageWords::tr("&Sources");
    case PageId::Access:
        return PageWords::tr("&Access");
    case PageId::Cors:
        return PageWords::tr("&CORS");
    case PageId::Monitor:
        return PageWords::tr("&Monitor");
    case PageId::Activity:
        return PageWords::tr("Ac&tivity");
    }
    return {};
}

QString pageKey(PageId id)
{
    switch (id) {
    case PageId::Endpoints:
        return QStringLiteral("endpoints");
    case PageId::Outputs:
        return QStringLiteral("outputs");
    case PageId::Sources:
        return QStringLiteral("sources");
    case PageId::Access:
        return QStringLiteral("access");
    case PageId::Cors:
        return QStringLiteral("cors");
    case PageId::Monitor:
        return QStringLiteral("monitor");
    case PageId::Activity:
        return QStringLiteral("activity");
    }
    return {};
}

QString pageIcon(PageId id)
{
    return pageKey(id); // the icons are called alike
}

void Page::setZone(const QTimeZone&) {}

std::vector<GotoTarget> Page::targets()
{
    return {};
}

void Page::choose(const QString&) {}

QString Page::unsaved() const
{
    return tr("There are changes that are not saved.");
}

} // namespace iotman::ui
