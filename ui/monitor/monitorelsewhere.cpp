// What the Monitor shows beside the endpoints of its connection: endpoints by URL, and recordings.
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/monitorpage.h"
#include "ui/monitor/recording.h"
#include "ui/monitor/urldialog.h"

#include <QCryptographicHash>
#include <QFileDialog>

#include <algorithm>

namespace iotman {

namespace {

/// An id for what has none here, the same whenever it is opened.
EndpointId idFor(const char* kind, const QByteArray& name)
{
    return {kind + QCryptographicHash::hash(name, QCryptographicHash::Sha256).toHex().left(16).toStdString()};
}

} // namespace

EndpointId MonitorPage::addEndpoint(const client::EndpointAddress& address, const std::optional<client::Credentials>& credentials)
{
    const EndpointId id = idFor("url-", address.page.toEncoded());
    if (guest(id))
        return id;
    Guest added{id, address, nullptr,
                tr("%1 at %2").arg(QString::fromStdString(address.id.text), client::authorityText(address.page))};
    if (credentials && connection_)
        added.tokens = std::make_unique<client::TokenSource>(*connection_->network, clock_, *credentials);
    guests_.push_back(std::move(added));
    showEndpoints();
    return id;
}

void MonitorPage::removeEndpoint(const EndpointId& id)
{
    if (feed(id))
        endFeed(EndpointId(id));
    std::erase_if(guests_, [&, gone = EndpointId(id)](const Guest& each) { return each.id == gone; });
    showEndpoints();
}

MonitorPage::Guest* MonitorPage::guest(const EndpointId& id)
{
    const auto found = std::find_if(guests_.begin(), guests_.end(), [&](const Guest& each) { return each.id == id; });
    return found == guests_.end() ? nullptr : &*found;
}

void MonitorPage::askForUrl()
{
    UrlDialog dialog(this);
    if (dialog.exec() != QDialog::Accepted || !dialog.address() || !connection_)
        return;
    open(addEndpoint(*dialog.address(), dialog.credentials()));
}

Expected<void> MonitorPage::record(const QString& file, std::int64_t budget)
{
    return recorder_->start(file, budget);
}

void MonitorPage::askToRecord(bool on)
{
    if (!on)
        return recorder_->stop();
    const QString file = QFileDialog::getSaveFileName(this, tr("Record"), QStringLiteral("recording.ndjson"),
                                                      tr("Recordings (*.ndjson);;All files (*)"));
    const auto started = file.isEmpty() ? Expected<void>() : record(file, Recorder::defaultBudget);
    if (!started)
        tellFailure(QString::fromStdString(started.error().detail));
    actions_->record->setChecked(recorder_->isRecording());
}

void MonitorPage::askForRecording()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open recording"), {}, tr("Recordings (*.ndjson);;All files (*)"));
    if (file.isEmpty())
        return;
    if (const auto opened = openRecording(file); !opened)
        tellFailure(QString::fromStdString(opened.error().detail));
}

Expected<void> MonitorPage::openRecording(const QString& file)
{
    const auto recording = readRecording(file);
    if (!recording)
        return tl::unexpected(recording.error());
    if (!connection_)
        return {};
    for (const auto& [recorded, items] : *recording) {
        const EndpointId id = idFor("rec-", QByteArray(file.toUtf8() + recorded.text.c_str()));
        if (guest(id))
            continue;
        guests_.push_back({id, {}, nullptr, tr("%1, recorded").arg(QString::fromStdString(recorded.text)), true});
        showEndpoints();
        toTick_.insert(id);
        addFeed(id, {}, nullptr)->showItems(items);
    }
    fitAndFollow();
    return {};
}

} // namespace iotman
