#include "ui/pages/accesspane.h"

namespace iotman::ui {

AccessPane::AccessPane(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
{
    connect(&session_, &Session::listsChanged, this, &AccessPane::reload);
    connect(&session_, &Session::roleChanged, this, &AccessPane::reload);
    connect(&session_, &Session::stateChanged, this, &AccessPane::reload);
}

void AccessPane::setZone(const QTimeZone& zone)
{
    zone_ = zone;
    reload();
}

void AccessPane::choose(const QString&) {}

std::vector<std::pair<QString, QString>> AccessPane::places() const
{
    return {};
}

void AccessPane::undo() {}

void AccessPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    reload();
}

ReadingContext AccessPane::context() const
{
    return {session_.clock().now(), zone_, locale()};
}

} // namespace iotman::ui
