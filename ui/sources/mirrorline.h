// How the chosen mirror is doing.
#pragma once

#include "ui/look/messageline.h"
#include "ui/pages/session.h"

#include <QTimer>

#include <optional>

namespace iotman::ui {

/// Asks the server now and then while it is seen. GUI thread; nothing blocks.
class MirrorLine : public MessageLine {
    Q_OBJECT

public:
    /// `session` must outlive it.
    explicit MirrorLine(Session& session, QWidget* parent = nullptr);

    /// Follows `source`, a mirror; nothing: none, and then it is not there.
    void follow(const std::optional<SourceView>& source);

private:
    void ask();
    void told(const Expected<client::Document>& document);

    Session& session_;
    std::optional<SourceView> source_;
    client::Call asking_;
    QTimer again_;
};

} // namespace iotman::ui
