#include "ui/pages/deletedialog.h"

#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int mostUserRows = 8;

QLabel* sentence(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(metrics::dialogTextWidth);
    return label;
}

QListWidget* userList(const QStringList& users, QWidget* parent)
{
    auto* list = new QListWidget(parent);
    list->setAccessibleName(DeleteDialog::tr("Still used by"));
    list->addItems(users);
    const int rows = std::min(static_cast<int>(users.size()), mostUserRows);
    list->setFixedHeight(rows * list->sizeHintForRow(0) + 2 * list->frameWidth() + 2);
    return list;
}

} // namespace

DeleteDialog::DeleteDialog(const DeleteQuestion& question, QWidget* parent)
    : QDialog(parent)
    , question_(question)
    , delete_(new QPushButton(icon(question.iconName), question.button, this))
    , cancel_(new QPushButton(question.users.isEmpty() ? tr("Cancel") : tr("Close"), this))
{
    setWindowTitle(question.button);
    QLabel* title = sentence(question.title, this);
    title->setFont(headFont());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(title);
    column->addWidget(sentence(question.impact, this));
    if (!question.users.isEmpty())
        column->addWidget(userList(question.users, this));
    if (!question.typedName.isEmpty() && question.users.isEmpty()) {
        QLabel* label = sentence(tr("This is production. Type “%1” to go on:").arg(question.typedName), this);
        typed_ = new QLineEdit(this);
        typed_->setAccessibleName(label->text());
        label->setBuddy(typed_);
        column->addWidget(label);
        column->addWidget(typed_);
        connect(typed_, &QLineEdit::textChanged, this, &DeleteDialog::updateAllowed);
    }
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(cancel_);
    buttons->addWidget(delete_);
    column->addSpacing(metrics::smallSpace);
    column->addLayout(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);

    setAccessibleDescription(question.title + u' ' + question.impact);
    connect(delete_, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
    updateAllowed();
    (question.users.isEmpty() ? delete_ : cancel_)->setDefault(true);
    if (typed_)
        typed_->setFocus();
    else
        (question.users.isEmpty() ? delete_ : cancel_)->setFocus();
}

void DeleteDialog::updateAllowed()
{
    const bool typed = !typed_ || typed_->text().trimmed() == question_.typedName;
    setAllowed(delete_, question_.users.isEmpty() && typed,
               question_.users.isEmpty() ? tr("Type “%1” first.").arg(question_.typedName) : tr("It is still in use."));
}

void ask(const DeleteQuestion& question, QWidget* parent, const std::function<void()>& accepted)
{
    auto* dialog = new DeleteDialog(question, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::accepted, parent, accepted);
    dialog->open();
}

} // namespace iotman::ui
