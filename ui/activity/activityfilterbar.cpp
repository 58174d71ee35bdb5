#include "ui/activity/activityfilterbar.h"

#include "core/client/text.h"
#include "ui/look/filterbox.h"
#include "ui/look/metrics.h"

#include <QComboBox>
#include <QHBoxLayout>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr std::size_t mostLooked = 2000;
constexpr std::size_t mostChoices = 50; // of a field, where anyone can bring new ones
constexpr int narrowest = 72;
constexpr int widest = 190;

void note(std::set<std::string>& names, const std::string& name)
{
    if (!name.empty() && names.size() < mostChoices)
        names.insert(name);
}

/// Choices once offered stay.
void fill(QComboBox* combo, const std::set<std::string>& names, std::size_t most)
{
    for (const std::string& name : names) {
        if (combo->count() <= static_cast<int>(most) && combo->findData(toQt(name)) < 0)
            combo->addItem(toQt(name), toQt(name));
    }
}

} // namespace

ActivityFilterBar::ActivityFilterBar(ActivityFilter& filter, QWidget* parent)
    : QWidget(parent)
    , filter_(filter)
    , method_(chooser(tr("All methods"), tr("Method"), &ActivityFilter::setMethod))
    , endpoint_(chooser(tr("All endpoints"), tr("Endpoint"), &ActivityFilter::setEndpoint))
    , status_(statusChooser())
    , client_(chooser(tr("Any client"), tr("Client"), &ActivityFilter::setClient))
    , origin_(chooser(tr("Any origin"), tr("Origin"), &ActivityFilter::setOrigin))
    , text_(new FilterBox(tr("Filter by path or reason"), this))
{
    connect(text_, &QLineEdit::textChanged, this, [this](const QString& text) {
        filter_.setText(text);
        Q_EMIT filtered();
    });
    auto* fields = new QHBoxLayout(this);
    fields->setContentsMargins(0, 0, 0, 0);
    fields->setSpacing(metrics::smallSpace);
    for (QComboBox* combo : {method_, endpoint_, status_, client_, origin_}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        combo->setMinimumWidth(narrowest);
        combo->setMaximumWidth(widest);
        fields->addWidget(combo);
    }
    fields->addWidget(text_);
}

/// `all` stands for every choice that there will be.
QComboBox* ActivityFilterBar::chooser(const QString& all, const QString& name, void (ActivityFilter::*choose)(const QString&))
{
    auto* combo = new QComboBox(this);
    combo->addItem(all);
    combo->setAccessibleName(name);
    connect(combo, &QComboBox::currentIndexChanged, this, [this, combo, choose] {
        (filter_.*choose)(combo->currentData().toString());
        Q_EMIT filtered();
    });
    return combo;
}

QComboBox* ActivityFilterBar::statusChooser()
{
    auto* combo = new QComboBox(this);
    combo->addItems({tr("All statuses"), tr("Answered well"), tr("Refused (4xx)"), tr("Faults (5xx)"), tr("Open streams")});
    combo->setAccessibleName(tr("Status"));
    connect(combo, &QComboBox::currentIndexChanged, this, [this](int index) {
        filter_.setStatus(static_cast<StatusFilter>(index));
        Q_EMIT filtered();
    });
    return combo;
}

void ActivityFilterBar::offer(const std::set<std::string>& endpoints, const std::deque<ActivityEntry>& entries)
{
    std::set<std::string> origins, methods, clients;
    std::size_t looked = 0;
    for (const ActivityEntry& entry : entries) {
        note(origins, entry.origin);
        note(methods, entry.kind());
        note(clients, entry.asker());
        if (++looked == mostLooked)
            break;
    }
    fill(endpoint_, endpoints, endpoints.size());
    fill(origin_, origins, mostChoices);
    fill(method_, methods, mostChoices);
    fill(client_, clients, mostChoices);
}

} // namespace iotman::ui
