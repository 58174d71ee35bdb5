// What is brought in once more, and how fast.
#pragma once

#include "core/model/resources.h"
#include "ui/sources/sourceform.h"

#include <QTimeZone>

class QCheckBox;
class QComboBox;

namespace iotman::ui {

class NumberEdit;
class TimeField;

class ReplayForm : public SourceForm {
    Q_OBJECT

public:
    /// Of `sources`, all but the one that is changed, which has the name `own`, can be replayed.
    ReplayForm(const std::vector<SourceView>& sources, const SourceName& own, const QTimeZone& zone, QWidget* parent = nullptr);

    void setSettings(const Json& settings) override;
    Json settings(Json kept) const override;

    QComboBox* recordings() const { return recording_; }
    TimeField* from() const { return from_; }
    TimeField* to() const { return to_; }

private:
    void beginAt(const std::optional<Timestamp>& newest);

    QComboBox* recording_;
    NumberEdit* speed_;
    QCheckBox* loop_;
    QCheckBox* paused_;
    TimeField* from_;
    TimeField* to_;
};

} // namespace iotman::ui
