// Sources deleted and made again.
#pragma once

#include "ui/pages/session.h"

#include <QObject>

namespace iotman::ui {

/// Asks before it deletes, and makes again what was deleted last: what a source took in stays all the while.
class SourceDeletion : public QObject {
    Q_OBJECT

public:
    /// `parent` is what questions are asked over. `session` must outlive it.
    SourceDeletion(Session& session, QWidget* parent);

    void ask(const std::vector<SourceView>& sources);
    /// Whether something was deleted that can be made again: not what has a path, a secret or an output of its own.
    bool canUndo() const { return !deleted_.empty(); }
    /// The same ways in, under their names. What cannot be made can be tried again.
    void undo();

Q_SIGNALS:
    void begun(); ///< to delete or to make again
    void deleted();
    void madeAgain(const QString& name);
    void failed(const QString& what, const iotman::Error& error);

private:
    void deleteAll(const std::vector<SourceView>& sources);

    Session& session_;
    QWidget* over_;
    std::vector<Source> deleted_;
};

} // namespace iotman::ui
