#include "ui/pages/deletedialog.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int textWidth = 420;

QLabel* sentence(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(textWidth);
    return label;
}

} // namespace

DeleteDialog::DeleteDialog(const DeleteQuestion& question, QWidget* parent)
    : QDialog(parent)
    , delete_(new QPushButton(icon(u"delete"), question.button, this))
{
    setWindowTitle(question.button);
    QLabel* title = sentence(question.title, this);
    title->setFont(headFont());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(title);
    column->addWidget(sentence(question.impact, this));

    auto* cancel = new QPushButton(tr("Cancel"), this);
    if (!question.typedName.isEmpty()) {
        auto* label = new QLabel(tr("This is production. Type “%1” to go on:").arg(question.typedName), this);
        typed_ = new QLineEdit(this);
        typed_->setAccessibleName(label->text());
        label->setBuddy(typed_);
        column->addWidget(label);
        column->addWidget(typed_);
        const auto check = [this, wanted = question.typedName](const QString& text) {
            setAllowed(delete_, text.trimmed() == wanted, tr("Type “%1” first.").arg(wanted));
        };
        connect(typed_, &QLineEdit::textChanged, this, check);
        check({});
    }
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(delete_);
    column->addSpacing(metrics::smallSpace);
    column->addLayout(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);

    setAccessibleDescription(question.title + u' ' + question.impact);
    delete_->setDefault(true);
    connect(delete_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    if (typed_)
        typed_->setFocus();
    else
        delete_->setFocus();
}

} // namespace iotman::ui
