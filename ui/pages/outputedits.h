// Changes of outputs that are not saved.
#pragma once

#include "ui/pages/outputtexts.h"

#include <map>

namespace iotman::ui {

/// By the output's id; those of a new one under the empty id. A value, without widgets.
class OutputEdits {
public:
    bool contains(const QString& id) const { return edits_.contains(id); }
    bool empty() const { return edits_.empty(); }
    QStringList ids() const;
    /// What stands in the form of an output: its edits, else what is stored; nothing stored: an empty form.
    OutputFields fields(const QString& id, const Output* stored) const;

    /// Keeps what was typed; edits that change nothing are none.
    void keep(const QString& id, const Output* stored, const OutputFields& fields);
    void drop(const QString& id) { edits_.erase(id); }
    /// `saved` was made of `sent`; meanwhile `now` was typed. `stored` is what it was before.
    void saved(const QString& id, const Output* stored, const Output& saved, const OutputFields& sent, const OutputFields& now);

    /// Whether somebody else changed the output after these edits began.
    bool isOvertaken(const QString& id, const Output& stored) const;

private:
    struct Edit {
        std::optional<OutputFields> base; ///< what was stored when they began; nothing: a new output
        OutputFields fields;
        std::optional<OutputFields> before = {}; ///< what `base` replaced when it was saved here: the lists may still hold it
    };

    std::map<QString, Edit> edits_;
};

} // namespace iotman::ui
