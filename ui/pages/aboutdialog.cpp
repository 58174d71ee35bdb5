#include "ui/pages/aboutdialog.h"

#include "ui/look/copybutton.h"
#include "ui/look/fonts.h"
#include "ui/look/metrics.h"

#include <QCoreApplication>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSslSocket>
#include <QSysInfo>
#include <QVBoxLayout>

namespace iotman::ui {

QString AboutDialog::versions()
{
    return QStringLiteral("IoTMan Desktop %1\nQt %2 (built with %3)\n%4\n%5, %6, %7")
        .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR),
             QSslSocket::sslLibraryVersionString(), QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture(),
             QGuiApplication::platformName());
}

AboutDialog::AboutDialog(const QString& server, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("About IoTMan Desktop"));
    auto* title = new QLabel(tr("IoTMan Desktop %1").arg(QCoreApplication::applicationVersion()), this);
    title->setFont(titleFont());
    auto* purpose = new QLabel(tr("Serves the data of devices as a REST API with live streams, and shows it."), this);
    auto* licence = new QLabel(
        tr("Free software under the GNU General Public License, version 3 or later. It comes without any warranty."), this);
    for (QLabel* label : {purpose, licence}) {
        label->setWordWrap(true);
        label->setMinimumWidth(metrics::dialogTextWidth);
    }
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(metrics::mediumSpace);
    const auto add = [&](const QString& name, const QString& value) {
        auto* label = new QLabel(value, this);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        form->addRow(name, label);
    };
    add(tr("Qt"), QString::fromLatin1(qVersion()));
    add(tr("TLS"), QSslSocket::sslLibraryVersionString());
    add(tr("System"), QSysInfo::prettyProductName());
    if (!server.isEmpty())
        add(tr("Connected to"), server);

    auto* copy = new CopyButton(tr("Copy versions"), this);
    copy->setCopyText(versions());
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(copy);
    buttons->addStretch();
    buttons->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::mediumSpace);
    column->addWidget(title);
    column->addWidget(purpose);
    column->addLayout(form);
    column->addWidget(licence);
    column->addLayout(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
}

} // namespace iotman::ui
