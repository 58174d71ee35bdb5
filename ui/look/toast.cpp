#include "ui/look/toast.h"

#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace iotman {

Toast::Toast(QWidget* page)
    : QWidget(page)
    , label_(new QLabel(this))
    , undo_(new QPushButton(tr("Undo"), this))
{
    label_->setWordWrap(true);
    label_->setTextFormat(Qt::PlainText);
    undo_->setAutoDefault(false);
    makeSmall(undo_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::mediumSpace, metrics::smallSpace, metrics::smallSpace, metrics::smallSpace);
    row->setSpacing(metrics::mediumSpace);
    row->addWidget(label_, 1);
    row->addWidget(undo_, 0, Qt::AlignVCenter);
    hide();

    time_.setObjectName(QStringLiteral("time"));
    time_.setSingleShot(true);
    time_.setInterval(metrics::toastTimeMs);
    connect(&time_, &QTimer::timeout, this, &Toast::dismiss);
    connect(undo_, &QPushButton::clicked, this, [this] {
        dismiss();
        Q_EMIT undoRequested();
    });
    page->installEventFilter(this);
    undo_->installEventFilter(this);
}

void Toast::show(const QString& sentence, bool canUndo)
{
    label_->setText(sentence);
    setAccessibleName(sentence);
    undo_->setVisible(canUndo);
    place();
    QWidget::show();
    raise();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    waitOrGo();
}

void Toast::dismiss()
{
    time_.stop();
    if (isHidden())
        return;
    hide();
    Q_EMIT dismissed();
}

void Toast::waitOrGo()
{
    if (isHidden() || underMouse() || undo_->hasFocus())
        time_.stop();
    else
        time_.start();
}

void Toast::place()
{
    const QRect page = parentWidget()->rect();
    const int width = qMin(metrics::toastWidth, page.width() - 2 * metrics::pageMargin);
    const int height = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width) : sizeHint().height();
    QRect rect(0, 0, width, height);
    rect.moveBottomRight(page.bottomRight() - QPoint(metrics::pageMargin, metrics::pageMargin));
    setGeometry(QStyle::visualRect(layoutDirection(), page, rect));
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        place();
    else if (watched == undo_ && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut))
        QMetaObject::invokeMethod(this, &Toast::waitOrGo, Qt::QueuedConnection); // the focus has moved by then
    return QWidget::eventFilter(watched, event);
}

void Toast::enterEvent(QEnterEvent* event)
{
    QWidget::enterEvent(event);
    time_.stop();
}

void Toast::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    if (!isHidden() && !undo_->hasFocus())
        time_.start();
}

void Toast::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintBox(&painter, rect(), palette().base(), extras(this).outline);
}

void Toast::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QWidget::keyPressEvent(event);
}

} // namespace iotman
