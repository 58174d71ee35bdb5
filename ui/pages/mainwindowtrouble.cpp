// What the window says while its connection is in trouble.
#include "core/client/address.h"
#include "ui/look/messageline.h"
#include "ui/pages/certificatedialog.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/switcher.h"

namespace iotman::ui {

/// The one place where the connection's troubles show.
void MainWindow::showTrouble()
{
    const ConnectionState& state = session_->state();
    const bool signIn = state.phase == Phase::SignInNeeded && !session_->connection().id.isEmpty();
    const QString word = stateWord(state, context());
    trouble_->setMessage(state.phase == Phase::Failed ? MessageLine::Kind::Error : MessageLine::Kind::Warning, state.reason,
                         tr("%1:", "state of the connection").arg(word.left(1).toUpper() + word.mid(1)));
    trouble_->setButton(signIn ? tr("Sign in\u2026") : refused_ ? tr("Look at the certificate\u2026") : tr("Try again"));
    trouble_->show();
    if (state.phase == Phase::Offline && !refused_ && session_->connection().url.scheme() == u"https")
        probeCertificate();
}

void MainWindow::troubleButtonClicked()
{
    if (!session_)
        return;
    if (session_->state().phase == Phase::SignInNeeded && !session_->connection().id.isEmpty())
        return switcher_->askSignIn();
    if (!refused_)
        return session_->refresh();
    auto* dialog = new CertificateDialog(client::authorityText(session_->connection().url), *refused_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, fingerprint = refused_->fingerprint()] { switcher_->pin(fingerprint); });
    dialog->open();
}

/// Out of reach may mean: its certificate is refused. Then a person can look at it and decide.
void MainWindow::probeCertificate()
{
    session_->network().certificate(session_->connection().url, session_.get(),
                                    [this](const Expected<client::PresentedCertificate>& shown) {
                                        const QByteArray& pinned = session_->connection().pinned;
                                        if (!shown || shown->errors.isEmpty() || client::isPinned(pinned, shown->errors))
                                            return;
                                        refused_ = *shown;
                                        showTrouble();
                                    });
}

} // namespace iotman::ui
