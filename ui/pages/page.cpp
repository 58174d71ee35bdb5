#include "ui/pages/page.h"

#include <QCoreApplication>

namespace iotman::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::Page)
};

} // namespace

QString pageName(PageId id)
{
    switch (id) {
    case PageId::Endpoints:
        return Words::tr("Endpoints");
    case PageId::Outputs:
        return Words::tr("Outputs");
    case PageId::Sources:
        return Words::tr("Sources");
    case PageId::Access:
        return Words::tr("Access");
    case PageId::Cors:
        return Words::tr("CORS");
    case PageId::Monitor:
        return Words::tr("Monitor");
    case PageId::Activity:
        return Words::tr("Activity");
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
