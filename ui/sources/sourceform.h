// The settings of one kind of source, as a part of the dialog that makes and changes sources.
#pragma once

#include "core/model/json.h"

#include <QWidget>

#include <string>
#include <vector>

class QFormLayout;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

/// Holds no rule: what is given is judged by the model, which points at what it refuses.
class SourceForm : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void setSettings(const Json& settings) = 0;
    /// `kept` with what the fields say; what has no field stays as it is.
    virtual Json settings(Json kept) const = 0;
    /// Shows what is wrong beside its field: `pointer` into the settings, such as `/speed`; empty: nothing is. Returns the
    /// sentence that stands there, or that says what is not chosen yet; empty where no field here is at fault.
    virtual QString showFault(const std::string& pointer);
    /// Puts the focus on the field at fault; false where there is none.
    virtual bool focusFault();

Q_SIGNALS:
    void edited();

protected:
    /// What the model refuses at `pointer` is about `field`, and `sentence` is then told in `line`; several fields may share one.
    void judged(std::string pointer, QWidget* field, MessageLine* line, const QString& sentence);

private:
    struct Judged {
        std::string pointer;
        QWidget* field;
        MessageLine* line;
        QString sentence;
    };
    std::vector<Judged> fields_;
    QWidget* atFault_ = nullptr;
};

/// A line below a field, hidden while nothing is wrong.
MessageLine* fieldError(QWidget* parent);

/// A form whose fields take the room there is.
QFormLayout* formIn(QWidget* parent);

} // namespace iotman::ui
