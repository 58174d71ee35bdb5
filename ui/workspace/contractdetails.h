// One finding of the contract lab in full: what either side said, and by which exchange.
#pragma once

#include "core/lab/verdict.h"

#include <QSplitter>

#include <optional>

class QLabel;
class QPlainTextEdit;

namespace iotman::ui {

/// Two texts side by side; the words that differ are marked in both.
class ContractDetails : public QSplitter {
    Q_OBJECT

public:
    explicit ContractDetails(QWidget* parent = nullptr);

    /// Who “there” and “here” are.
    void setNames(const QString& there, const QString& here);
    /// Nothing: no finding is chosen.
    void setFinding(const std::optional<lab::Finding>& finding);

    QPlainTextEdit* thereText() const { return there_.text; }
    QPlainTextEdit* hereText() const { return here_.text; }

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Half {
        QLabel* head;
        QPlainTextEdit* text;
    };
    Half half(const QString& name);
    void mark();

    std::optional<lab::Finding> finding_;
    Half there_;
    Half here_;
};

} // namespace iotman::ui
