// The tab “Code”: programs that read the endpoint, ready to paste.
#pragma once

#include "core/codegen/snippet.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QTabBar;

namespace iotman {
class CopyButton;
} // namespace iotman

namespace iotman::ui {

/// A language, what it reads, the text, Copy and Save.
class CodePane : public QWidget {
    Q_OBJECT

public:
    explicit CodePane(QWidget* parent = nullptr);

    /// The language and what it reads stay chosen.
    void setSubject(const codegen::SnippetSubject& subject);
    void choose(codegen::Language language, codegen::Way way);

    QPlainTextEdit* text() const { return text_; }
    QTabBar* languages() const { return languages_; }
    QComboBox* ways() const { return ways_; }

private:
    void fillWays();
    void showSnippet();
    void save();

    std::optional<codegen::SnippetSubject> subject_;
    std::vector<codegen::Snippet> snippets_; ///< of the language
    codegen::Way way_ = codegen::Way::Pages; ///< wanted, where the language has it

    QTabBar* languages_;
    QComboBox* ways_;
    QPlainTextEdit* text_;
    QLabel* note_;
    CopyButton* copy_;
};

} // namespace iotman::ui
