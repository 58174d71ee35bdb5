#include "ui/pages/createdpage.h"

#include "core/client/text.h"
#include "ui/look/copybutton.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/metrics.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace iotman::ui {

using client::toQt;

CreatedPage::CreatedPage(QWidget* parent)
    : QWidget(parent)
    , title_(new QLabel(this))
    , access_(new QLabel(this))
    , monitor_(new QPushButton(icon(u"monitor"), tr("Open in Monitor"), this))
    , done_(new QPushButton(tr("Done"), this))
{
    title_->setFont(headFont());
    title_->setTextFormat(Qt::PlainText);
    access_->setTextFormat(Qt::PlainText);
    access_->setWordWrap(true);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::mediumSpace);
    grid->setVerticalSpacing(metrics::tinySpace);
    grid->setColumnStretch(1, 1);
    page_ = addAddress(grid, tr("URL"), tr("Copy URL"), tr("Pages of JSON, newest first."));
    stream_ = addAddress(grid, tr("Stream URL"), tr("Copy stream URL"), tr("WebSocket: each new item is one message."));
    events_ = addAddress(grid, tr("Events URL"), tr("Copy events URL"), tr("The same as server-sent events."));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::smallSpace);
    buttons->addStretch();
    buttons->addWidget(monitor_);
    buttons->addWidget(done_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(title_);
    column->addWidget(access_);
    column->addSpacing(metrics::smallSpace);
    column->addLayout(grid);
    column->addStretch();
    column->addLayout(buttons);

    connect(monitor_, &QPushButton::clicked, this, &CreatedPage::openInMonitor);
    connect(done_, &QPushButton::clicked, this, &CreatedPage::done);
}

CreatedPage::Address CreatedPage::addAddress(QGridLayout* grid, const QString& name, const QString& copyName, const QString& note)
{
    const int row = grid->rowCount();
    Address address{new ElidedLabel({}, this), new CopyButton(copyName, this)};
    address.text->setFont(monospaceFont());
    address.text->setMinimumWidth(360);
    auto* label = new QLabel(name, this);
    label->setBuddy(address.copy);
    auto* noteLabel = new QLabel(note, this);
    noteLabel->setFont(noteFont());
    noteLabel->setForegroundRole(QPalette::PlaceholderText);
    grid->addWidget(label, row, 0);
    grid->addWidget(address.text, row, 1);
    grid->addWidget(address.copy, row, 2);
    grid->addWidget(noteLabel, row + 1, 1);
    grid->setRowMinimumHeight(row + 1, 24);
    return address;
}

void CreatedPage::setEndpoint(const EndpointView& endpoint)
{
    endpoint_ = endpoint;
    title_->setText(tr("The endpoint of “%1” answers now.").arg(toQt(endpoint.outputName.text)));
    const std::optional<ScopeName>& scope = endpoint.endpoint.requiredScope;
    access_->setText(scope ? tr("Readers need a token with the scope %1.").arg(toQt(scope->text))
                           : tr("It is public: anyone who can reach the address may read it."));
    const auto show = [](const Address& address, const std::string& url) {
        address.text->setText(toQt(url));
        address.copy->setCopyText(toQt(url));
    };
    show(page_, endpoint.url);
    show(stream_, endpoint.streamUrl);
    show(events_, endpoint.eventsUrl);
    // A server that keeps to the hosted contract has no events.
    events_.copy->setEnabled(!endpoint.eventsUrl.empty());
}

void CreatedPage::focusFirst()
{
    done_->setDefault(true);
    page_.copy->setFocus();
}

} // namespace iotman::ui
