// A client: new, a copy of another, or one that is changed.
#pragma once

#include "ui/pages/accesstexts.h"
#include "ui/pages/formdialog.h"

#include <QTimeZone>

class QCheckBox;
class QLineEdit;
class QListWidget;

namespace iotman::ui {

class TimeField;

class ClientDialog : public FormDialog {
    Q_OBJECT

public:
    enum class Purpose { New, Copy, Change };

    /// `model` is what a copy begins with or what is changed; not used for a new one.
    ClientDialog(Session& session, Purpose purpose, const std::optional<ClientView>& model, const QTimeZone& zone,
                 QWidget* parent = nullptr);

Q_SIGNALS:
    void created(const iotman::ClientView& client); ///< with its secret; the dialog is closed by then
    void changed(const iotman::ClientView& client); ///< the same

protected:
    QString check() override;
    void send() override;
    QList<QWidget*> fields() const override;

private:
    void fillScopes();
    ClientFields entered() const;
    void sendNew(const ClientDraft& draft);
    void sendChanges(const ClientPatch& patch);

    Purpose purpose_;
    std::optional<ClientView> model_;
    QLineEdit* name_;
    QLineEdit* id_ = nullptr; ///< none where it is given already
    MessageLine* idError_ = nullptr;
    QListWidget* scopes_;
    QCheckBox* enabled_;
    TimeField* expires_;
    QLabel* note_;
};

} // namespace iotman::ui
