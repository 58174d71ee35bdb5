// The CORS list while it is edited: what becomes of each entry.
#pragma once

#include "core/model/corsorigin.h"

#include <QString>

#include <vector>

namespace iotman::ui {

enum class EntryState {
    Saved,     ///< in the list as it is stored
    New,       ///< will be added
    Repeated,  ///< stands further up already
    Any,       ///< `*`: allows every origin
    Overruled, ///< not kept: `*` stands alone
    Refused,   ///< cannot be an origin
};

/// One entry of the editor.
struct CorsEntry {
    QString typed;
    QString stored; ///< empty where it is not stored
    EntryState state = EntryState::New;
    QString what;  ///< a sentence: what happens, or why not
    int start = 0; ///< where it stands in the text, in UTF-16 units
    int length = 0;
};

/// Everything that is to be said of a text in the editor.
struct CorsCheck {
    std::vector<CorsEntry> entries;
    std::vector<std::string> toStore; ///< what Save sends: each once, `*` alone
    int added = 0;
    int removed = 0;
    int refused = 0;
    bool any = false;     ///< `*` is among them
    bool changed = false; ///< it would store something else than what is stored

    /// Save would do something, and can.
    bool canSave() const { return changed && refused == 0; }
    QString summary() const; ///< “Unsaved: 3 added, 6 removed.”; empty where nothing changed
};

/// `text` is split at commas, blanks and line breaks. `saved` is the list as it is stored.
CorsCheck checkCors(const QString& text, const CorsOrigins& saved);

/// The stored list as the editor shows it: one a line.
QString corsText(const CorsOrigins& saved);

} // namespace iotman::ui
