// Where a rule or a filter is written.
#pragma once

#include "ui/rules/rulecheck.h"

#include <QPlainTextEdit>
#include <QStringList>

class QCompleter;
class QStringListModel;

namespace iotman::ui {

class RuleHighlighter;

/// Plain text with colours, matching brackets, the numbers of its lines, and the fault underlined while one types. Completes keys
/// that real datapoints have behind a point, and methods. Tab leaves it. The editor of a filter or of a time is one line high and
/// takes no line break. Read-only it keeps its colours and can be copied from.
class RuleEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit RuleEditor(RulePart part, QWidget* parent = nullptr);
    ~RuleEditor() override;

    QString text() const { return toPlainText(); }
    /// Replaces the text and forgets what could be undone.
    void setText(const QString& text);
    /// What is wrong with the text as it stands.
    const std::optional<RuleFault>& fault() const { return fault_; }

    /// Keys to complete behind a point, in the order offered.
    void setSeenKeys(const QStringList& keys);
    /// Puts a path where the cursor is, in place of what is selected.
    void insertPath(const QString& path);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void checked(); ///< after each change: fault() is of the text as it stands

protected:
    void keyPressEvent(QKeyEvent*) override;
    bool focusNextPrevChild(bool next) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;
    void focusInEvent(QFocusEvent*) override;
    void focusOutEvent(QFocusEvent*) override;
    void insertFromMimeData(const QMimeData*) override;
    bool canInsertFromMimeData(const QMimeData*) const override;

private:
    class Gutter;
    friend class Gutter;

    void check();
    void mark();
    void breakLine();
    void offerCompletions(bool asked);
    void complete(const QString& completion);
    bool isOneLine() const { return part_ != RulePart::Rule; }
    int gutterWidth() const;
    int lineHeight() const;
    void paintGutter(QPaintEvent*);

    RulePart part_;
    RuleHighlighter* highlighter_;
    std::optional<RuleFault> fault_;
    QCompleter* completer_;
    QStringListModel* completions_;
    QStringList seenKeys_;
    Gutter* gutter_ = nullptr; ///< of a rule alone
};

} // namespace iotman::ui
