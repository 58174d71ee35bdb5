#include "ui/pages/formdialog.h"

#include "ui/look/busyring.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/notelabel.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/words.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace iotman::ui {

namespace {

constexpr int formFieldWidth = 400;

} // namespace

FormDialog::FormDialog(Session& session, Action action, const QString& title, const QString& button, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , action_(action)
    , what_(button)
    , column_(new QVBoxLayout)
    , error_(new MessageLine(this))
    , reason_(new ReasonLine(this))
    , busy_(new BusyRing(this))
    , cancel_(new QPushButton(tr("Cancel"), this))
    , button_(new QPushButton(button, this))
{
    setWindowTitle(title);
    error_->hide();
    column_->setSpacing(metrics::tinySpace);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(reason_, 1);
    buttons->addStretch();
    buttons->addWidget(busy_);
    buttons->addWidget(cancel_);
    buttons->addWidget(button_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    rows->setSpacing(metrics::mediumSpace);
    rows->addLayout(column_);
    rows->addWidget(error_);
    rows->addStretch();
    rows->addLayout(buttons);
    setMinimumWidth(formFieldWidth + 2 * metrics::dialogMargin);

    button_->setDefault(true);
    cancel_->setAutoDefault(false);
    connect(button_, &QPushButton::clicked, this, [this] {
        if (!sending_)
            send();
    });
    connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
    connect(&session_, &Session::roleChanged, this, &FormDialog::update);
    connect(&session_, &Session::stateChanged, this, &FormDialog::update);
    connect(&session_, &Session::listsChanged, this, &FormDialog::update);
}

void FormDialog::addField(const QString& label, QWidget* field)
{
    if (column_->count() > 0)
        column_->addSpacing(metrics::smallSpace);
    auto* head = new QLabel(label, this);
    head->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(QString(label).remove(u'&'));
    column_->addWidget(head);
    column_->addWidget(field);
}

QLabel* FormDialog::addNote(const QString& text)
{
    QLabel* note = noteLabel(text, this);
    column_->addWidget(note);
    return note;
}

void FormDialog::addWidget(QWidget* widget)
{
    column_->addSpacing(metrics::smallSpace);
    column_->addWidget(widget);
}

MessageLine* FormDialog::addFieldError()
{
    auto* line = new MessageLine(this);
    line->setTinted(false);
    line->hide();
    column_->addWidget(line);
    return line;
}

void FormDialog::update()
{
    const Permit permit = session_.permit(action_);
    const QString missing = check();
    reason_->setPermit(permit);
    const QString busy = tr("It is being sent.");
    for (QWidget* field : fields())
        setAllowed(field, permit.allowed && !sending_, permit.allowed ? busy : permit.reason);
    setAllowed(button_, permit.allowed && !sending_ && missing.isEmpty(),
               !permit.allowed ? permit.reason
               : sending_      ? busy
                               : missing);
    cancel_->setText(permit.allowed ? tr("Cancel") : tr("Close"));
}

void FormDialog::sending(const QString& what)
{
    sending_ = true;
    error_->hide();
    busy_->start(what.isEmpty() ? what_ : what);
    update();
}

void FormDialog::answered(const std::optional<Error>& error)
{
    sending_ = false;
    busy_->stop();
    update();
    if (error) {
        error_->setMessage(MessageLine::Kind::Error, errorText(*error), tr("The server refused it."));
        error_->show();
    }
}

} // namespace iotman::ui
