// Makes a source: HTTP ingest or this computer; or changes one.
#pragma once

#include "ui/pages/session.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QDoubleSpinBox;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class RuleEditor;
class ScopeCombo;

class SourceDialog : public QDialog {
    Q_OBJECT

public:
    /// A new one. `session` must outlive it.
    explicit SourceDialog(Session& session, QWidget* parent = nullptr);
    /// Changes `source`: its name and kind stay.
    SourceDialog(Session& session, const SourceView& source, QWidget* parent = nullptr);

    QLineEdit* nameField() const { return name_; }
    RuleEditor* timeField() const { return time_; }
    QComboBox* kinds() const { return kind_; }
    QPushButton* saveButton() const { return save_; }

Q_SIGNALS:
    void saved(const iotman::SourceView& source);

private:
    void build();
    void fill(const Source& source);
    void edited();
    void save();
    void answered(const Expected<SourceView>& made);
    void showNameError(const QString& sentence);
    SourceKind kind() const;
    Json settings() const;
    std::optional<std::string> time() const;

    Session& session_;
    std::optional<SourceView> changed_;
    Json kept_ = Json::object(); ///< settings that have no field here
    client::Call call_;
    bool saving_ = false;

    QComboBox* kind_;
    QLineEdit* name_;
    MessageLine* nameError_;
    RuleEditor* time_;
    MessageLine* timeError_;
    QLabel* timeNote_;
    ScopeCombo* scope_;
    QWidget* computer_;
    QDoubleSpinBox* interval_;
    QList<QCheckBox*> metrics_;
    QSpinBox* days_;
    QSpinBox* count_;
    MessageLine* error_;
    BusyRing* busy_;
    QPushButton* save_;
};

} // namespace iotman::ui
