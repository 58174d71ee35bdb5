#include "ui/pages/helpdialog.h"

#include "ui/look/filterbox.h"
#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QFile>
#include <QPushButton>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>
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
    , searched_(new FilterBox(tr("Find in help"), this))
    , tabs_(new QTabWidget(this))
{
    initHelp();
    setWindowTitle(tr("Help"));
    addPage(tr("First steps"), QStringLiteral(":/help/help.md"));
    addPage(tr("Rules"), QStringLiteral(":/help/rules.md"));
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false); // Enter in the search goes to the next place
    auto* head = new QHBoxLayout;
    head->addStretch();
    head->addWidget(searched_);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin, metrics::dialogMargin);
    column->setSpacing(metrics::smallSpace);
    column->addLayout(head);
    column->addWidget(tabs_, 1);
    column->addLayout(buttons);
    resize(720, 680);

    connectSearch(this, searched_, [this](SearchDirection direction, bool again) { search(direction, again); }, [this] { markAll(); });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    choose(Topic::FirstSteps);
}

void HelpDialog::addPage(const QString& title, const QString& file)
{
    auto* page = new QTextBrowser(this);
    page->setAccessibleName(title);
    page->setTabChangesFocus(true);
    page->setOpenLinks(false);
    QFile source(file);
    if (source.open(QIODevice::ReadOnly))
        page->document()->setMarkdown(QString::fromUtf8(source.readAll()), QTextDocument::MarkdownDialectGitHub);
    airTables(*page->document());
    page->moveCursor(QTextCursor::Start);
    connect(page, &QTextBrowser::anchorClicked, this, &HelpDialog::follow);
    pages_.push_back(page);
    tabs_->addTab(page, title);
}

void HelpDialog::choose(Topic topic)
{
    tabs_->setCurrentIndex(static_cast<int>(topic));
    text(topic)->setFocus();
}

HelpDialog::Topic HelpDialog::topic() const
{
    return static_cast<Topic>(tabs_->currentIndex());
}

/// The pages name each other by their files.
void HelpDialog::follow(const QUrl& link)
{
    if (link.fileName() == QLatin1String("rules.md"))
        choose(Topic::Rules);
}

void HelpDialog::search(SearchDirection direction, bool again)
{
    const QString wanted = searched_->text();
    if (wanted.isEmpty())
        return;
    const auto count = static_cast<int>(pages_.size());
    // The rest of this page, the other pages, and this one from its other end.
    for (int turn = 0; turn <= count; ++turn) {
        const int index = (tabs_->currentIndex() + (direction == SearchDirection::Back ? count * 2 - turn : turn)) % count;
        QTextBrowser* page = pages_[static_cast<std::size_t>(index)];
        const QTextCursor found = turn == 0 ? nextPlace(page->textCursor(), wanted, direction, again)
                                            : nextPlace(otherEnd(page->textCursor(), direction), wanted, direction, true);
        if (found.isNull())
            continue;
        tabs_->setCurrentIndex(index);
        page->setTextCursor(found);
        setFaulty(searched_, false);
        return;
    }
    setFaulty(searched_, true);
}

void HelpDialog::markAll()
{
    setFaulty(searched_, false);
    for (QTextBrowser* page : pages_)
        page->setExtraSelections(searchMarks(*page->document(), searched_->text(), this));
}

} // namespace iotman::ui
