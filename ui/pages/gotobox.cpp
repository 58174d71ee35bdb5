#include "ui/pages/gotobox.h"

#include "ui/look/icons.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QStandardItemModel>

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr std::size_t mostListed = 20;
constexpr int boxWidth = 190;

} // namespace

bool GotoTarget::matches(const QString& typed) const
{
    const QStringList words = typed.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(),
                       [this](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

GotoBox::GotoBox(QWidget* parent)
    : QLineEdit(parent)
    , model_(new QStandardItemModel(this))
{
    setPlaceholderText(tr("Go to anything"));
    setAccessibleName(tr("Go to anything"));
    setToolTip(tr("Go to a page, to what is on it or to a command (Ctrl+K)"));
    addAction(icon(u"search"), QLineEdit::LeadingPosition)->setText(accessibleName());
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);

    auto* completer = new QCompleter(model_, this);
    completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer->setMaxVisibleItems(12);
    setCompleter(completer);
    connect(completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            [this](const QModelIndex& index) { follow(index.row()); });
    connect(this, &QLineEdit::textEdited, this, &GotoBox::list);
}

void GotoBox::setTargets(std::function<std::vector<GotoTarget>()> targets)
{
    ask_ = std::move(targets);
}

QSize GotoBox::sizeHint() const
{
    return {std::max(boxWidth, fontMetrics().averageCharWidth() * 26), QLineEdit::sizeHint().height()};
}

void GotoBox::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    if (event->reason() == Qt::PopupFocusReason)
        return;
    targets_ = ask_ ? ask_() : std::vector<GotoTarget>();
    list();
}

void GotoBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !completer()->popup()->isVisible()) {
        clear();
        if (QWidget* next = nextInFocusChain())
            next->setFocus(Qt::OtherFocusReason);
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        follow(0);
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void GotoBox::list()
{
    model_->clear();
    listed_.clear();
    for (std::size_t i = 0; i < targets_.size() && listed_.size() < mostListed; ++i) {
        if (!targets_[i].matches(text()))
            continue;
        listed_.push_back(i);
        model_->appendRow(new QStandardItem(icon(targets_[i].iconName), targets_[i].text));
    }
    if (listed_.empty()) {
        auto* nothing = new QStandardItem(tr("Nothing found"));
        nothing->setFlags(Qt::NoItemFlags);
        model_->appendRow(nothing);
    }
}

void GotoBox::follow(int row)
{
    if (row < 0 || static_cast<std::size_t>(row) >= listed_.size())
        return;
    const std::function<void()> go = targets_[listed_[static_cast<std::size_t>(row)]].follow;
    // The completer writes the chosen text into the box after this.
    QMetaObject::invokeMethod(
        this, [this] { clear(); }, Qt::QueuedConnection);
    completer()->popup()->hide();
    go();
}

void GotoBox::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!text().isEmpty())
        return;
    QPainter painter(this);
    painter.setPen(extras(this).dimText);
    const QRect place = rect().adjusted(0, 0, -metrics::smallSpace, 0);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), place),
                     int(QStyle::visualAlignment(layoutDirection(), Qt::AlignRight | Qt::AlignVCenter)),
                     QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText));
}

} // namespace iotman::ui
