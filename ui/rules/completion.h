// What can follow where one types.
#pragma once

#include <QStringList>
#include <QStringView>

namespace iotman::ui {

/// What is being typed at a place, and what it may become.
struct Completion {
    int begin = 0;       ///< where what is typed begins: what a choice replaces, up to the place
    QStringList choices; ///< in the order offered; each begins with what is typed
};

/// Behind a point: `keys`, then the methods. Behind `$`: `$ts`, `$source`, `$id`. Elsewhere, and inside of texts and comments:
/// nothing. Keys that no plain name can be are offered in quotes.
Completion completionAt(QStringView text, int cursor, const QStringList& keys);

} // namespace iotman::ui
