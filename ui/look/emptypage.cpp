#include "ui/look/emptypage.h"

#include "ui/look/icons.h"
#include "ui/look/metrics.h"

#include <QAction>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman {
namespace {

constexpr int largeIcon = 24;

} // namespace

EmptyPage::EmptyPage(const QString& iconName, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent)
    , iconName_(iconName)
    , column_(new QWidget(this))
    , title_(new QLabel(column_))
    , sentence_(new QLabel(column_))
    , button_(new QPushButton(column_))
{
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    for (QLabel* label : {title_, sentence_}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    button_->setDefault(true);
    button_->hide();

    auto* inner = new QVBoxLayout(column_);
    inner->setContentsMargins(0, largeIcon + metrics::mediumSpace, 0, 0);
    inner->setSpacing(metrics::smallSpace);
    inner->addWidget(title_);
    inner->addWidget(sentence_);
    inner->addSpacing(metrics::tinySpace);
    inner->addWidget(button_, 0, Qt::AlignHCenter);
    column_->setMaximumWidth(metrics::emptyPageWidth);
    column_->setMinimumWidth(metrics::emptyPageWidth / 2);

    auto* outer = new QVBoxLayout(this);
    outer->addStretch(2);
    auto* middle = new QHBoxLayout; // an alignment would hide the height that wrapped text needs
    middle->addStretch(1);
    middle->addWidget(column_, 100); // as wide as it may be, before anything beside it is
    middle->addStretch(1);
    outer->addLayout(middle);
    outer->addStretch(3);
    setTexts(title, sentence);
}

void EmptyPage::setTexts(const QString& title, const QString& sentence)
{
    title_->setText(title);
    sentence_->setText(sentence);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
}

void EmptyPage::setAction(QAction* action)
{
    disconnect(changed_);
    disconnect(clicked_);
    button_->setVisible(action != nullptr);
    if (!action)
        return;
    changed_ = connect(action, &QAction::changed, this, [this, action] { follow(action); });
    clicked_ = connect(button_, &QPushButton::clicked, action, &QAction::trigger);
    follow(action);
}

void EmptyPage::follow(const QAction* action)
{
    button_->setText(action->text());
    button_->setIcon(action->icon());
    button_->setEnabled(action->isEnabled());
    button_->setToolTip(action->toolTip());
    button_->setAccessibleDescription(action->isEnabled() ? QString() : action->toolTip());
}

void EmptyPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect column = column_->geometry();
    const QRect place(column.center().x() - largeIcon / 2, column.top(), largeIcon, largeIcon);
    paintIcon(&painter, place, iconName_, extras(this).dimText);
}

} // namespace iotman
