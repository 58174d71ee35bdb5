// A certificate that does not verify, shown so that somebody can decide.
#pragma once

#include "core/client/network.h"

#include <QDialog>

namespace iotman::ui {

/// Accepted: trust exactly this certificate, for this connection alone.
class CertificateDialog : public QDialog {
    Q_OBJECT

public:
    CertificateDialog(const QString& where, const client::PresentedCertificate& presented, QWidget* parent = nullptr);
};

} // namespace iotman::ui
