// Deletes outputs, and brings them back.
#pragma once

#include "core/model/resources.h"

#include <QObject>

#include <vector>

namespace iotman::ui {

class Session;

/// Knows what was deleted last. GUI thread only.
class OutputRemover : public QObject {
    Q_OBJECT

public:
    explicit OutputRemover(Session& session, QObject* parent = nullptr);

    void remove(const std::vector<OutputView>& outputs);
    /// Makes the outputs that were deleted last again, under their ids, and their items of what is stored.
    void undo();
    bool canUndo() const { return !deleted_.empty(); }

Q_SIGNALS:
    void removed(const iotman::OutputId& id, int count); ///< `count`: how many of them by now
    void restored(const iotman::OutputId& id);
    void failed(const QString& what, const iotman::Error& error); ///< what did not happen, and why

private:
    Session& session_;
    std::vector<Output> deleted_;
};

} // namespace iotman::ui
