// How a report of core/browser reads on the screen: numbered steps with the lines of each exchange.
#pragma once

#include "core/browser/inquiry.h"

#include <QWidget>

class QVBoxLayout;

namespace iotman::ui {

/// Shows the steps of one report, one below the other; the line that decides is tinted. Everything can be selected.
class AskView : public QWidget {
    Q_OBJECT

public:
    explicit AskView(QWidget* parent = nullptr);

    void setSteps(const std::vector<browser::Step>& steps);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();

    std::vector<browser::Step> steps_;
    QVBoxLayout* rows_;
};

/// In the language of the program.
QString said(const browser::Sentence& sentence);
QString said(const browser::Sentences& sentences);

/// The whole report as plain text, to paste into a ticket.
QString reportText(const browser::Report& report);

} // namespace iotman::ui
