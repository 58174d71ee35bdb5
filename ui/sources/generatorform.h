// The signals that a source makes, each with what it looks like.
#pragma once

#include "ui/sources/sourceform.h"

class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace iotman::ui {

class NumberEdit;
class SignalPreview;

/// A list of signals; beside it the fields of the current one and how it begins.
class GeneratorForm : public SourceForm {
    Q_OBJECT

public:
    explicit GeneratorForm(QWidget* parent = nullptr);

    void setSettings(const Json& settings) override;
    Json settings(Json kept) const override;
    /// A signal at fault is marked in the list; its field, once it is the current.
    QString showFault(const std::string& pointer) override;
    bool focusFault() override;

    QListWidget* list() const { return list_; }
    SignalPreview* preview() const { return preview_; }
    QPushButton* addButton() const { return add_; }
    QPushButton* removeButton() const { return remove_; }

private:
    void arrange();
    void add();
    bool isConstant() const;
    void remove();
    void showSignal();
    void signalEdited();
    void updateRow(int row);
    void updatePreview();

    NumberEdit* interval_;
    NumberEdit* seed_;
    QListWidget* list_;
    QPushButton* add_;
    QPushButton* remove_;
    QLineEdit* name_;
    QComboBox* kind_;
    NumberEdit* min_;
    NumberEdit* max_;
    NumberEdit* period_;
    NumberEdit* outages_;
    SignalPreview* preview_;
    Json all_ = Json::array(); ///< as the settings have them
    bool showing_ = false;     ///< fields are being filled
    int faulty_ = -1;          ///< the row of the signal at fault
};

} // namespace iotman::ui
