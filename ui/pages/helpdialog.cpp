#include "ui/pages/helpdialog.h"

#include "ui/look/fonts.h"
#include "ui/look/metrics.h"

#include <QFile>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTextTable>
#include <QVBoxLayout>

/// Resources of a static library are there once something asks for them, outside of any namespace.
static void initHelp()
{
    Q_INIT_RESOURCE(help);
}

namespace iotman::ui {

namespace {

constexpr int cellPadding = 4;

/// Tables of Markdown come without air between their cells.
void airTables(QTextDocument& document)
{
    for (QTextFrame* frame : document.rootFrame()->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(frame)) {
            QTextTableFormat format = table->format();
            format.setCellPadding(cellPadding);
            format.setCellSpacing(0);
            format.setBorder(0);
            table->setFormat(format);
        }
    }
}

} // namespace

HelpDialog::HelpDialog(QWidget* parent)
    : QDialog(parent)
{
    initHelp();
    setWindowTitle(tr("Help"));
    auto* text = new QTextBrowser(this);
    text->setAccessibleName(tr("Help"));
    text->setTabChangesFocus(true);
    text->setOpenLinks(false);
    QFile file(QStringLiteral(":/help/help.md"));
    if (file.open(QIODevice::ReadOnly))
        text->document()->setMarkdown(QString::fromUtf8(file.readAll()), QTextDocument::MarkdownDialectGitHub);
    airTables(*text->document());
    text->moveCursor(QTextCursor::Start);
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addWidget(text, 1);
    column->addLayout(buttons);
    resize(680, 640);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    text->setFocus();
}

} // namespace iotman::ui
