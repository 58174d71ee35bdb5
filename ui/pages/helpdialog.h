// Help on one page: the words, the first steps, and the language of rules.
#pragma once

#include <QDialog>

namespace iotman::ui {

/// Not modal: it stays beside the window while one works.
class HelpDialog : public QDialog {
    Q_OBJECT

public:
    explicit HelpDialog(QWidget* parent = nullptr);
};

} // namespace iotman::ui
