// Paints a rule's text by what its characters are.
#pragma once

#include <QSyntaxHighlighter>

namespace iotman::ui {

/// Its colours are those of the palette of the widget that shows the document; call rehighlight() when that changes.
class RuleHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    RuleHighlighter(QTextDocument* document, const QWidget* shownBy);

protected:
    void highlightBlock(const QString& text) override;

private:
    const QWidget* shownBy_;
};

} // namespace iotman::ui
