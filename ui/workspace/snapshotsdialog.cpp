#include "ui/workspace/snapshotsdialog.h"

#include "core/client/text.h"
#include "ui/look/busyring.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/session.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr QSize usualSnapshotsSize(640, 480);

} // namespace

SnapshotsDialog::SnapshotsDialog(Session& session, QSettings& settings, const QTimeZone& zone, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , zone_(zone)
    , list_(new ListPane(
          snapshotColumns(),
          {tr("Snapshots"), tr("Filter snapshots"), QStringLiteral("clock"), tr("No snapshot yet"),
           tr("A snapshot keeps the workspace with its datapoints as it is now. A test can start from it again and again."),
           tr("No snapshot has this text in its name.")},
          settings, QStringLiteral("snapshots"), this))
    , name_(new QLineEdit(this))
    , save_(new QPushButton(icon(u"save"), tr("&Save"), this))
    , nameError_(new MessageLine(this))
    , message_(new MessageLine(this))
    , ring_(new BusyRing(this))
    , reason_(new ReasonLine(this))
    , restore_(new QAction(icon(u"undo"), tr("&Restore\u2026"), this))
    , delete_(new QAction(icon(u"delete"), tr("&Delete\u2026"), this))
    , restoreButton_(new QPushButton(restore_->icon(), restore_->text(), this))
    , deleteButton_(new QPushButton(delete_->icon(), delete_->text(), this))
    , reset_(new QPushButton(icon(u"restore"), tr("Reset to the &workspace file\u2026"), this))
    , close_(new QPushButton(tr("Close"), this))
{
    setWindowTitle(tr("Snapshots"));
    arrange();
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    list_->addActions({restore_, delete_});
    connect(&session, &QObject::destroyed, this, &QObject::deleteLater);
    connect(&session, &Session::roleChanged, this, &SnapshotsDialog::update);
    connect(&session, &Session::stateChanged, this, &SnapshotsDialog::update);
    connect(list_, &ListPane::chosenChanged, this, &SnapshotsDialog::update);
    connect(name_, &QLineEdit::textChanged, this, &SnapshotsDialog::update);
    connect(message_, &MessageLine::buttonClicked, this, &SnapshotsDialog::load);
    connect(save_, &QPushButton::clicked, this, &SnapshotsDialog::save);
    connect(restore_, &QAction::triggered, this, &SnapshotsDialog::askRestore);
    connect(delete_, &QAction::triggered, this, &SnapshotsDialog::askDelete);
    connect(restoreButton_, &QPushButton::clicked, restore_, &QAction::trigger);
    connect(deleteButton_, &QPushButton::clicked, delete_, &QAction::trigger);
    connect(reset_, &QPushButton::clicked, this, &SnapshotsDialog::askReset);
    connect(close_, &QPushButton::clicked, this, &QDialog::accept);
    list_->sortBy(1, Qt::DescendingOrder);
    name_->setFocus();
    load();
}

void SnapshotsDialog::arrange()
{
    message_->hide();
    nameError_->hide();
    nameError_->setTinted(false);
    name_->setFont(monospaceFont());
    name_->setMaxLength(64);
    name_->setPlaceholderText(QStringLiteral("before-the-migration"));
    auto* label = new QLabel(tr("&Name of a new snapshot"), this);
    label->setBuddy(name_);
    name_->setAccessibleName(QString(label->text()).remove(u'&'));
    save_->setDefault(true);
    for (QPushButton* button : {restoreButton_, deleteButton_, reset_, close_})
        button->setAutoDefault(false);

    auto* saving = new QHBoxLayout;
    saving->setSpacing(metrics::smallSpace);
    saving->addWidget(name_, 1);
    saving->addWidget(save_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addWidget(restoreButton_);
    buttons->addWidget(deleteButton_);
    buttons->addWidget(reset_);
    buttons->addWidget(ring_);
    buttons->addStretch();
    buttons->addWidget(close_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(label);
    column->addLayout(saving);
    column->addWidget(nameError_);
    column->addWidget(message_);
    column->addWidget(list_, 1);
    column->addWidget(reason_);
    column->addLayout(buttons);
    resize(usualSnapshotsSize);
}

void SnapshotsDialog::load()
{
    message_->hide();
    begin(tr("Reading the snapshots"));
    call_ = client::snapshots(session_.management(), this, [this](const Expected<Snapshots>& snapshots) { took(snapshots); });
}

void SnapshotsDialog::took(const Expected<Snapshots>& snapshots)
{
    busy_ = false;
    ring_->stop();
    if (snapshots) {
        loaded_ = true;
        snapshots_ = *snapshots;
        list_->setRows(snapshotRows(snapshots_, context()), loaded_);
    } else {
        message_->setMessage(MessageLine::Kind::Error, errorText(snapshots.error()), tr("The snapshots could not be read."));
        message_->setButton(tr("Try again"), QStringLiteral("refresh"));
        message_->show();
    }
    update();
}

void SnapshotsDialog::save()
{
    const auto name = checkSnapshotName(name_->text(), snapshots_).name;
    if (busy_ || !name || !session_.permit(Action::SaveSnapshots))
        return;
    begin(tr("Saving the snapshot"));
    call_ = client::saveSnapshot(session_.management(), *name, this, [this](const Expected<client::SnapshotView>& saved) {
        if (saved) {
            name_->clear();
            list_->choose(toQt(saved->name.text));
        }
        ended(saved ? std::nullopt : std::optional(saved.error()), tr("Snapshot saved."), tr("The snapshot was not saved."));
    });
}

void SnapshotsDialog::askRestore()
{
    const client::SnapshotView* snapshot = chosen();
    if (!snapshot)
        return;
    ask(restoreQuestion(*snapshot, session_.connection().environment, context()), this, [this, name = snapshot->name] {
        begin(tr("Restoring the snapshot"));
        call_ = client::restoreSnapshot(session_.management(), name, this, [this](const Expected<client::SnapshotView>& done) {
            if (done)
                session_.refresh();
            ended(done ? std::nullopt : std::optional(done.error()),
                  done ? tr("“%1” is restored.").arg(toQt(done->name.text)) : QString(), tr("The snapshot was not restored."));
        });
    });
}

void SnapshotsDialog::askDelete()
{
    const client::SnapshotView* snapshot = chosen();
    if (!snapshot)
        return;
    ask(snapshotDeleteQuestion(*snapshot, session_.connection().environment, context()), this, [this, name = snapshot->name] {
        begin(tr("Deleting the snapshot"));
        call_ = client::deleteSnapshot(session_.management(), name, this, [this](const Expected<void>& done) {
            ended(done ? std::nullopt : std::optional(done.error()), tr("Snapshot deleted."),
                  tr("The snapshot was not deleted."));
        });
    });
}

void SnapshotsDialog::askReset()
{
    ask(resetQuestion(session_.connection().environment, session_.workspaceName()), this, [this] {
        begin(tr("Resetting the workspace"));
        call_ = client::resetWorkspace(session_.management(), this, [this](const Expected<Timestamp>& keptAt) {
            if (keptAt)
                session_.refresh();
            ended(keptAt ? std::nullopt : std::optional(keptAt.error()),
                  keptAt ? tr("The workspace is as its file made it: %1.").arg(momentWord(*keptAt, context())) : QString(),
                  tr("The workspace was not reset."));
        });
    });
}

void SnapshotsDialog::begin(const QString& what)
{
    busy_ = true;
    ring_->start(what);
    call_.cancel();
    update();
}

void SnapshotsDialog::ended(const std::optional<Error>& error, const QString& done, const QString& failed)
{
    load();
    message_->setButton({});
    message_->setMessage(error ? MessageLine::Kind::Error : MessageLine::Kind::Success, error ? errorText(*error) : QString(),
                         error ? failed : done);
    message_->show();
}

void SnapshotsDialog::update()
{
    const Permit saving = session_.permit(Action::SaveSnapshots);
    const Permit restoring = session_.permit(Action::RestoreSnapshots);
    const SnapshotNameCheck check = checkSnapshotName(name_->text(), snapshots_);
    nameError_->setError(check.error);
    setFaulty(name_, !check.error.isEmpty());
    const auto allow = [&](auto* control, const Permit& permit, const QString& missing) {
        const QString why = !permit.allowed ? permit.reason : busy_ ? tr("Something is being done.") : missing;
        setAllowed(control, why.isEmpty(), why);
    };
    const QString choose = chosen() ? QString() : tr("Choose a snapshot first.");
    const QString name = check.name ? QString() : check.error.isEmpty() ? tr("Type a name first.") : check.error;
    setAllowed(name_, saving.allowed, saving.reason);
    allow(save_, saving, name);
    allow(restore_, restoring, choose);
    allow(restoreButton_, restoring, choose);
    allow(delete_, saving, choose);
    allow(deleteButton_, saving, choose);
    allow(reset_, restoring, {});
    reason_->setPermit(!saving.allowed ? saving : restoring);
}

const client::SnapshotView* SnapshotsDialog::chosen() const
{
    const QString id = list_->current();
    const auto found = std::find_if(snapshots_.begin(), snapshots_.end(),
                                    [&](const client::SnapshotView& snapshot) { return toQt(snapshot.name.text) == id; });
    return found == snapshots_.end() ? nullptr : &*found;
}

ReadingContext SnapshotsDialog::context() const
{
    return {session_.clock().now(), zone_, QLocale()};
}

} // namespace iotman::ui
