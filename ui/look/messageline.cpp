#include "ui/look/messageline.h"

#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/look/stylepaint.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace iotman {
namespace {

struct LineLook {
    const char16_t* icon;
    QColor Extras::*color;
    QColor Extras::*tint;
};

LineLook lookOf(MessageLine::Kind kind)
{
    switch (kind) {
    case MessageLine::Kind::Error:
        return {u"error", &Extras::danger, &Extras::dangerBg};
    case MessageLine::Kind::Warning:
        return {u"warning", &Extras::warning, &Extras::warningBg};
    case MessageLine::Kind::Info:
        return {u"info", &Extras::accent, &Extras::infoBg};
    case MessageLine::Kind::Success:
        return {u"ok", &Extras::success, &Extras::successBg};
    }
    return {u"info", &Extras::accent, &Extras::infoBg};
}

} // namespace

MessageLine::MessageLine(QWidget* parent)
    : QWidget(parent)
    , label_(new QLabel(this))
    , button_(new QPushButton(this))
{
    label_->setWordWrap(true);
    label_->setTextFormat(Qt::RichText);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    button_->setAutoDefault(false);
    button_->hide();
    makeSmall(button_);
    connect(button_, &QPushButton::clicked, this, &MessageLine::buttonClicked);

    auto* row = new QHBoxLayout(this);
    row->setSpacing(metrics::mediumSpace);
    row->addWidget(label_, 1);
    row->addWidget(button_, 0, Qt::AlignVCenter);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    arrange();
}

MessageLine::MessageLine(Kind kind, const QString& text, QWidget* parent)
    : MessageLine(parent)
{
    setMessage(kind, text);
}

void MessageLine::setMessage(Kind kind, const QString& text, const QString& lead)
{
    if (kind == kind_ && text == text_ && lead == lead_)
        return;
    kind_ = kind;
    text_ = text;
    lead_ = lead;
    const QString bold = lead.isEmpty() ? QString() : u"<b>" % lead.toHtmlEscaped() % u"</b> ";
    label_->setText(bold % text.toHtmlEscaped().replace(QStringLiteral("\n"), QStringLiteral("<br>")));
    setAccessibleName(this->text());
    arrange();
    update();
    if (isVisible())
        announce();
}

QString MessageLine::text() const
{
    return lead_.isEmpty() ? text_ : QString(lead_ % u' ' % text_).trimmed();
}

void MessageLine::setError(const QString& message)
{
    if (!message.isEmpty())
        setMessage(Kind::Error, message);
    setVisible(!message.isEmpty());
}

void MessageLine::setButton(const QString& text, const QString& iconName)
{
    button_->setText(text);
    button_->setIcon(iconName.isEmpty() ? QIcon() : icon(iconName));
    button_->setVisible(!text.isEmpty());
}

void MessageLine::letClose()
{
    setButton(tr("Close"));
    connect(this, &MessageLine::buttonClicked, this, &QWidget::hide);
}

void MessageLine::setTinted(bool tinted)
{
    tinted_ = tinted;
    arrange();
    update();
}

void MessageLine::arrange()
{
    const int iconRoom = metrics::iconSize + metrics::smallSpace;
    const int side = tinted_ ? metrics::mediumSpace : 0;
    const int upright = tinted_ ? 6 : 0;
    if (layoutDirection() == Qt::LeftToRight)
        layout()->setContentsMargins(side + iconRoom, upright, side, upright);
    else
        layout()->setContentsMargins(side, upright, side + iconRoom, upright);

    QPalette colours = palette();
    if (!tinted_ && kind_ != Kind::Info)
        colours.setColor(QPalette::WindowText, extras(this).*lookOf(kind_).color);
    label_->setPalette(colours);
}

void MessageLine::announce()
{
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageLine::paintEvent(QPaintEvent*)
{
    const LineLook look = lookOf(kind_);
    const Extras& extra = extras(this);
    QPainter painter(this);
    if (tinted_)
        paintBox(&painter, rect(), extra.*look.tint, QColor());
    // The icon stands beside the first line of the text, however many follow.
    const QRect text = label_->geometry();
    const int lineHeight = label_->fontMetrics().height();
    const int needed = label_->heightForWidth(text.width());
    const int top = text.top() + qMax(0, (text.height() - needed) / 2);
    const int left = tinted_ ? metrics::mediumSpace : 0;
    const QRect place(left, top + (lineHeight - metrics::iconSize) / 2, metrics::iconSize, metrics::iconSize);
    paintIcon(&painter, QStyle::visualRect(layoutDirection(), rect(), place), QStringView(look.icon), extra.*look.color);
}

void MessageLine::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LayoutDirectionChange)
        arrange();
}

void MessageLine::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    announce();
}

} // namespace iotman
