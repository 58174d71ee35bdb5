// Which sources an output reads: a button with a menu to check them in.
#pragma once

#include "core/model/resources.h"

#include <QPushButton>

#include <map>
#include <vector>

class QMenu;

namespace iotman::ui {

/// No source chosen means all of them, those to come included. A chosen source that is gone stays in the menu until it is
/// unchecked.
class SourcesButton : public QPushButton {
    Q_OBJECT

public:
    explicit SourcesButton(QWidget* parent = nullptr);

    void setSources(const std::vector<SourceView>& all);
    void setChosen(const std::vector<SourceName>& chosen);
    const std::vector<SourceName>& chosen() const { return chosen_; }
    /// The sources that are read: those chosen, or all.
    std::vector<SourceName> read() const;

Q_SIGNALS:
    void edited(); ///< by a person

private:
    void rebuild();
    void updateText();
    void toggle(const SourceName& name, bool on);

    QMenu* menu_;
    std::vector<SourceName> all_;
    std::map<SourceName, QString> labels_;
    std::vector<SourceName> chosen_;
};

} // namespace iotman::ui
