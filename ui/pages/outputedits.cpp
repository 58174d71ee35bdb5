#include "ui/pages/outputedits.h"

#include "core/client/text.h"

namespace iotman::ui {

QStringList OutputEdits::ids() const
{
    QStringList ids;
    for (const auto& [id, edit] : edits_)
        ids << id;
    return ids;
}

OutputFields OutputEdits::fields(const QString& id, const Output* stored) const
{
    const auto edit = edits_.find(id);
    return edit != edits_.end() ? edit->second.fields : stored ? fieldsOf(*stored) : OutputFields{};
}

void OutputEdits::keep(const QString& id, const Output* stored, const OutputFields& fields)
{
    if (stored && fields == fieldsOf(*stored)) {
        drop(id);
        return;
    }
    const auto known = edits_.find(id);
    if (known != edits_.end())
        known->second.fields = fields;
    else
        edits_[id] = {stored ? std::optional(fieldsOf(*stored)) : std::nullopt, fields};
}

void OutputEdits::saved(const QString& id, const Output* stored, const Output& saved, const OutputFields& sent,
                        const OutputFields& now)
{
    drop(id);
    if (now != sent && now != fieldsOf(saved))
        edits_[client::toQt(saved.id.text)] = {fieldsOf(saved), now, stored ? std::optional(fieldsOf(*stored)) : std::nullopt};
}

bool OutputEdits::isOvertaken(const QString& id, const Output& stored) const
{
    const auto edit = edits_.find(id);
    const OutputFields fields = fieldsOf(stored);
    return edit != edits_.end() && edit->second.base && edit->second.base != fields && edit->second.before != fields;
}

} // namespace iotman::ui
