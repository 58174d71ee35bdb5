#include "ui/code/codepane.h"

#include "core/client/text.h"
#include "ui/look/copybutton.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QTabBar>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;
using codegen::Language;
using codegen::Snippet;

namespace {

QString languageWord(Language language)
{
    switch (language) {
    case Language::Curl:
        return CodePane::tr("curl");
    case Language::JavaScript:
        return CodePane::tr("JavaScript");
    case Language::Python:
        return CodePane::tr("Python");
    case Language::Cpp:
        return CodePane::tr("C++/Qt");
    case Language::Grafana:
        return CodePane::tr("Grafana");
    }
    return {};
}

QString wayWord(codegen::Way way, Language language)
{
    const bool browsers = language == Language::JavaScript;
    switch (way) {
    case codegen::Way::Pages:
        return browsers ? CodePane::tr("What is stored (fetch)") : CodePane::tr("What is stored, page by page");
    case codegen::Way::Events:
        return browsers ? CodePane::tr("What comes (EventSource)") : CodePane::tr("What comes, as events");
    case codegen::Way::Stream:
        return browsers ? CodePane::tr("What comes (WebSocket)") : CodePane::tr("What comes, by WebSocket");
    }
    return {};
}

} // namespace

CodePane::CodePane(QWidget* parent)
    : QWidget(parent)
    , languages_(new QTabBar(this))
    , ways_(new QComboBox(this))
    , text_(new QPlainTextEdit(this))
    , note_(new QLabel(this))
    , copy_(new CopyButton(tr("Copy code"), this))
{
    languages_->setAccessibleName(tr("Language"));
    languages_->setDrawBase(false);
    languages_->setExpanding(false);
    languages_->setUsesScrollButtons(true);
    for (const Language language : codegen::languages)
        languages_->addTab(languageWord(language));
    ways_->setAccessibleName(tr("What it reads"));
    text_->setReadOnly(true);
    text_->setFont(monospaceFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setAccessibleName(tr("Code"));
    text_->setTabChangesFocus(true);
    note_->setWordWrap(true);
    note_->setTextFormat(Qt::PlainText);
    note_->setFont(noteFont());
    note_->setForegroundRole(QPalette::PlaceholderText);
    auto* save = new QPushButton(icon(u"save"), tr("Save as\u2026"), this);
    makeSmall(save);

    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::smallSpace);
    row->addWidget(ways_, 1);
    row->addWidget(save);
    row->addWidget(copy_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(metrics::mediumSpace, metrics::smallSpace, metrics::mediumSpace, metrics::mediumSpace);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(languages_);
    rows->addLayout(row);
    rows->addWidget(text_, 1);
    rows->addWidget(note_);

    connect(languages_, &QTabBar::currentChanged, this, &CodePane::fillWays);
    connect(ways_, &QComboBox::activated, this, [this](int index) { way_ = snippets_[static_cast<std::size_t>(index)].way; });
    connect(ways_, &QComboBox::currentIndexChanged, this, &CodePane::showSnippet);
    connect(save, &QPushButton::clicked, this, &CodePane::save);
}

void CodePane::setSubject(const codegen::SnippetSubject& subject)
{
    if (subject_ == subject)
        return;
    subject_ = subject;
    fillWays();
}

void CodePane::choose(Language language, codegen::Way way)
{
    way_ = way;
    languages_->setCurrentIndex(static_cast<int>(language));
    fillWays();
}

void CodePane::fillWays()
{
    if (!subject_)
        return;
    const Language language = codegen::languages[static_cast<std::size_t>(languages_->currentIndex())];
    snippets_ = codegen::snippets(language, *subject_);
    const QSignalBlocker blocker(ways_);
    ways_->clear();
    for (const Snippet& snippet : snippets_) {
        ways_->addItem(wayWord(snippet.way, language));
        if (snippet.way == way_)
            ways_->setCurrentIndex(ways_->count() - 1);
    }
    ways_->setEnabled(ways_->count() > 1);
    showSnippet();
}

void CodePane::showSnippet()
{
    if (ways_->currentIndex() < 0)
        return;
    const Snippet& snippet = snippets_[static_cast<std::size_t>(ways_->currentIndex())];
    text_->setPlainText(toQt(snippet.text));
    copy_->setCopyText(toQt(snippet.text));
    QStringList notes;
    if (subject_->scope)
        notes << tr("Needs a client with the scope %1: its id and secret are read from IOTMAN_CLIENT_ID and IOTMAN_CLIENT_SECRET "
                    "and stand nowhere in the code.")
                     .arg(toQt(subject_->scope->text));
    else
        notes << tr("The endpoint is public, so no token is needed.");
    if (snippet.worksHereOnly)
        notes << tr("Works here only: the hosted service does not document this.");
    note_->setText(notes.join(u' '));
}

void CodePane::save()
{
    if (ways_->currentIndex() < 0)
        return;
    const Snippet& snippet = snippets_[static_cast<std::size_t>(ways_->currentIndex())];
    const QString path = QFileDialog::getSaveFileName(this, tr("Save code"), toQt(snippet.fileName));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(client::toBytes(snippet.text)) < 0 || !file.commit())
        QMessageBox::warning(this, tr("Save code"), tr("%1 could not be written: %2").arg(path, file.errorString()));
}

} // namespace iotman::ui
