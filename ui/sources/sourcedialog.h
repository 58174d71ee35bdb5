// Makes a source of any kind that this program can make, or changes one.
#pragma once

#include "ui/pages/session.h"

#include <QDialog>
#include <QTimeZone>

#include <map>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class RuleEditor;
class ScopeCombo;
class SourceForm;

/// Holds no rule: the model judges the draft, as the server does, and what it refuses is told beside the field.
class SourceDialog : public QDialog {
    Q_OBJECT

public:
    /// A new one. `session` must outlive it. Times of a recording are shown in `zone`.
    SourceDialog(Session& session, const QTimeZone& zone, QWidget* parent = nullptr);
    /// Changes `source`: its name and kind stay.
    SourceDialog(Session& session, const SourceView& source, const QTimeZone& zone, QWidget* parent = nullptr);

    QLineEdit* nameField() const { return name_; }
    RuleEditor* timeField() const { return time_; }
    QComboBox* kinds() const { return kind_; }
    void chooseKind(SourceKind kind);
    SourceForm* form() const; ///< of the kind; null where it has no settings of its own
    QPushButton* saveButton() const { return save_; }

Q_SIGNALS:
    void saved(const iotman::SourceView& source);

protected:
    bool event(QEvent* event) override;

private:
    void build(const QTimeZone& zone);
    void fill(const Source& source);
    void kindChosen();
    void edited();
    QString judge();
    void save();
    void answered(const Expected<SourceView>& made);
    QString showFault(const Error& error);
    SourceKind kind() const;
    Json settings() const;
    /// The number of datapoints that a source keeps, as its field can hold it.
    int shownCount(const Json& retention) const;
    SourceDraft draft() const;

    Session& session_;
    std::optional<SourceView> changed_;
    Json kept_ = Json::object(); ///< settings that have no field here
    client::Call call_;
    bool saving_ = false;

    QFormLayout* rows_;
    QComboBox* kind_;
    QLabel* kindNote_;
    QLineEdit* name_;
    MessageLine* nameError_;
    RuleEditor* time_;
    MessageLine* timeError_;
    QLabel* timeNote_;
    ScopeCombo* scope_;
    MessageLine* scopeError_;
    std::map<SourceKind, SourceForm*> forms_;
    QSpinBox* days_;
    QSpinBox* count_;
    MessageLine* error_;
    BusyRing* busy_;
    QPushButton* save_;
};

} // namespace iotman::ui
