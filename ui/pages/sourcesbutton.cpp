#include "ui/pages/sourcesbutton.h"

#include "core/client/text.h"
#include "ui/pages/words.h"

#include <QMenu>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

bool contains(const std::vector<SourceName>& names, const SourceName& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

SourcesButton::SourcesButton(QWidget* parent)
    : QPushButton(parent)
    , menu_(new QMenu(this))
{
    setMenu(menu_);
    connect(menu_, &QMenu::aboutToShow, this, &SourcesButton::rebuild);
    updateText();
}

void SourcesButton::setSources(const std::vector<SourceView>& all)
{
    all_.clear();
    labels_.clear();
    for (const SourceView& view : all) {
        all_.push_back(view.source.name);
        labels_.emplace(view.source.name, sourceLabel(view.source));
    }
    updateText();
}

void SourcesButton::setChosen(const std::vector<SourceName>& chosen)
{
    chosen_ = chosen;
    updateText();
}

std::vector<SourceName> SourcesButton::read() const
{
    return chosen_.empty() ? all_ : chosen_;
}

void SourcesButton::rebuild()
{
    menu_->clear();
    QAction* every = menu_->addAction(tr("All sources, those to come included"));
    every->setCheckable(true);
    every->setChecked(chosen_.empty());
    connect(every, &QAction::triggered, this, [this] {
        chosen_.clear();
        updateText();
        Q_EMIT edited();
    });
    menu_->addSeparator();
    std::vector<SourceName> offered = all_;
    for (const SourceName& name : chosen_)
        if (!contains(offered, name))
            offered.push_back(name);
    for (const SourceName& name : offered) {
        const auto label = labels_.find(name);
        QAction* action = menu_->addAction(label == labels_.end() ? toQt(name.text) : label->second);
        action->setCheckable(true);
        action->setChecked(contains(chosen_, name));
        connect(action, &QAction::triggered, this, [this, name](bool on) { toggle(name, on); });
    }
}

void SourcesButton::toggle(const SourceName& name, bool on)
{
    if (on)
        chosen_.push_back(name);
    else
        std::erase(chosen_, name);
    updateText();
    Q_EMIT edited();
}

void SourcesButton::updateText()
{
    if (chosen_.empty()) {
        setText(tr("All sources"));
    } else {
        QStringList names;
        for (const SourceName& name : chosen_)
            names << toQt(name.text);
        const QString count = tr("%1 of %2", "sources chosen, sources").arg(names.size()).arg(all_.size());
        setText(names.size() > 3
                    ? count
                    : tr("%1 (%2)", "names of sources, how many of how many").arg(names.join(QStringLiteral(", ")), count));
    }
    setAccessibleName(tr("Sources: %1").arg(text()));
}

} // namespace iotman::ui
