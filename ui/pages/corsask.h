// “Ask as a browser” below the list of origins: what a page would get, by the list as it is edited.
#pragma once

#include "core/model/corsorigin.h"

#include <QWidget>

#include <optional>

class QComboBox;

namespace iotman::ui {

class AskPane;
class Session;

/// An endpoint to ask, and the question. GUI thread only.
class CorsAsk : public QWidget {
    Q_OBJECT

public:
    explicit CorsAsk(Session& session, QWidget* parent = nullptr);

    /// Nothing for `saved` while it is not known; `edited` where it says something else.
    void setLists(const std::optional<CorsOrigins>& saved, const std::optional<CorsOrigins>& edited);
    /// Whether the list may be edited, and if not, why.
    void setMayAdd(bool allowed, const QString& reason);
    /// The endpoints of the session.
    void updateEndpoints();

    AskPane* pane() const { return pane_; }
    QComboBox* endpoints() const { return endpoints_; }

Q_SIGNALS:
    /// Put this into the list that is edited; asked again afterwards.
    void addOriginRequested(const QString& origin);

private:
    void endpointChosen();

    Session& session_;
    QComboBox* endpoints_;
    AskPane* pane_;
};

} // namespace iotman::ui
