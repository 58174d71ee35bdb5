#include "ui/chart/panebox.h"

#include "ui/chart/chartlayout.h"
#include "ui/chart/chartview.h"
#include "ui/look/icons.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace iotman {

namespace {

constexpr int buttonSize = 24, buttonSpace = 4, buttons = 3;
constexpr int belowText = 16; ///< from the middle of the plot

} // namespace

PaneBox::PaneBox(ChartView* view, QWidget* parent)
    : QWidget(parent)
    , view_(view)
{
    view_->setParent(this);
    all_ = new QPushButton(tr("Show all values"), this);
    all_->hide();
    tools_ = new QWidget(this);
    auto* row = new QHBoxLayout(tools_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(buttonSpace);
    fit_ = addButton(QStringLiteral("fit"), tr("Fit the values of this pane"));
    menu_ = addButton(QStringLiteral("settings"), tr("Axes and series of this pane"));
    close_ = addButton(QStringLiteral("close"), tr("Close this pane"));
    tools_->adjustSize();
    connect(fit_, &QToolButton::clicked, this, &PaneBox::fitWanted);
    connect(menu_, &QToolButton::clicked, this, &PaneBox::menuWanted);
    connect(close_, &QToolButton::clicked, this, &PaneBox::closeWanted);
    connect(all_, &QPushButton::clicked, view_, &ChartView::fit);
    // Not within the frame that tells it.
    connect(
        view_, &ChartView::blankChanged, this,
        [this](bool isBlank) {
            placeAll();
            if (!isBlank && all_->hasFocus())
                view_->setFocus();
            all_->setVisible(isBlank);
        },
        Qt::QueuedConnection);
}

QToolButton* PaneBox::addButton(const QString& iconName, const QString& text)
{
    auto* button = new QToolButton(tools_);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setFixedSize(buttonSize, buttonSize);
    tools_->layout()->addWidget(button);
    return button;
}

int PaneBox::toolsWidth()
{
    return buttons * (buttonSize + buttonSpace) + buttonSpace;
}

QPoint PaneBox::menuPlace() const
{
    return menu_->mapToGlobal(QPoint(0, menu_->height()));
}

QWidgetList PaneBox::stops() const
{
    return {view_, all_, fit_, menu_, close_};
}

QSize PaneBox::sizeHint() const
{
    return view_->sizeHint();
}

QSize PaneBox::minimumSizeHint() const
{
    return view_->minimumSizeHint();
}

void PaneBox::resizeEvent(QResizeEvent*)
{
    view_->setGeometry(rect());
    tools_->move(width() - tools_->width() - buttonSpace, (legendRowHeight - tools_->height()) / 2);
    placeAll();
}

void PaneBox::placeAll()
{
    all_->adjustSize();
    const QPoint middle = view_->frame().layout.plot.center();
    all_->move(middle.x() - all_->width() / 2, middle.y() + belowText);
}

} // namespace iotman
