#include "ui/look/copybutton.h"

#include "ui/look/icons.h"
#include "ui/look/metrics.h"

#include <QClipboard>
#include <QGuiApplication>

namespace iotman {

CopyButton::CopyButton(const QString& what, QWidget* parent)
    : QToolButton(parent)
    , what_(what)
{
    setAutoRaise(true);
    setIconSize(QSize(metrics::iconSize, metrics::iconSize));
    setFocusPolicy(Qt::StrongFocus);
    setEnabled(false);
    rest_.setObjectName(QStringLiteral("rest"));
    rest_.setSingleShot(true);
    rest_.setInterval(metrics::copiedTimeMs);
    connect(&rest_, &QTimer::timeout, this, &CopyButton::showRest);
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
    showRest();
}

void CopyButton::setCopyText(QString text)
{
    if (text == text_)
        return;
    text_ = std::move(text);
    setEnabled(!text_.isEmpty());
    rest_.stop();
    showRest();
}

void CopyButton::copy()
{
    QGuiApplication::clipboard()->setText(text_);
    setIcon(iotman::icon(u"check", &Extras::success));
    setToolTip(tr("Copied"));
    setAccessibleName(tr("Copied"));
    rest_.start();
    Q_EMIT copied();
}

void CopyButton::showRest()
{
    setIcon(iotman::icon(u"copy"));
    setToolTip(what_);
    setAccessibleName(what_);
}

} // namespace iotman
