// What a rule makes of the latest datapoints, beside the editor.
#pragma once

#include "core/model/clock.h"
#include "ui/pages/words.h"
#include "ui/rules/previewrunner.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace iotman {
class EmptyPage;
class MessageLine;
} // namespace iotman

class QStackedWidget;

namespace iotman::ui {

class PreviewModel;
class PreviewView;

/// Shows a preview of the last filter and rule that parsed, made over again whenever one of both or the datapoints change, and
/// how many of the datapoints give an item.
class OutputResult : public QWidget {
    Q_OBJECT

public:
    explicit OutputResult(const Clock& clock, QWidget* parent = nullptr);

    void setZone(const QTimeZone& zone);
    /// Both parse. `typedAt`: when they last did, while what is typed now does not; nothing: they are what is typed.
    void setRule(const QString& filter, const QString& rule, const std::optional<Timestamp>& typedAt);
    /// No rule to show: of an output that is new and has none yet.
    void clear();
    void setDatapoints(const PreviewRunner::Datapoints& datapoints);
    /// Why there are no datapoints to be seen; empty: there are none.
    void setTrouble(const QString& reason);

    PreviewModel* model() const { return model_; }
    PreviewView* view() const { return view_; }

Q_SIGNALS:
    void newOutputWanted(const std::string& payload); ///< a rule made of this datapoint's shape

private:
    void run();
    void show(const Preview& preview);
    void updateWords();

    const Clock& clock_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    PreviewRunner runner_{this};
    PreviewRunner::Datapoints datapoints_;
    std::optional<std::pair<std::string, std::string>> rule_; ///< filter and rule
    QString trouble_;

    QLabel* counts_;
    MessageLine* stale_;
    PreviewModel* model_;
    PreviewView* view_;
    EmptyPage* empty_;
    QStackedWidget* stack_;
    QPushButton* propose_;
};

} // namespace iotman::ui
