#include "ui/pages/scopecombo.h"

#include "core/client/text.h"
#include "ui/look/icons.h"

#include <QSignalBlocker>

namespace iotman::ui {

using client::fromQt;
using client::toQt;

ScopeCombo::ScopeCombo(QWidget* parent)
    : QComboBox(parent)
{
    setAccessibleName(tr("Required scope"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(24);
    setScopes({});
}

void ScopeCombo::setScopes(const std::vector<ScopeView>& scopes)
{
    const std::optional<ScopeName> chosen = scope();
    {
        const QSignalBlocker quiet(this);
        clear();
        addItem(icon(u"browser"), tr("None: public read access"));
        for (const ScopeView& view : scopes) {
            const QString name = toQt(view.scope.name.text);
            const QString description = toQt(view.scope.description);
            addItem(icon(u"access"), description.isEmpty() ? name : tr("%1 · %2", "scope, description").arg(name, description),
                    name);
        }
        setScope(chosen);
    }
    if (scope() != chosen)
        Q_EMIT currentIndexChanged(currentIndex());
}

std::optional<ScopeName> ScopeCombo::scope() const
{
    const QVariant name = currentData();
    return name.isValid() ? std::optional(ScopeName{fromQt(name.toString())}) : std::nullopt;
}

void ScopeCombo::setScope(const std::optional<ScopeName>& scope)
{
    setCurrentIndex(scope ? std::max(findData(toQt(scope->text)), 0) : 0);
}

} // namespace iotman::ui
