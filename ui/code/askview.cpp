#include "ui/code/askview.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace iotman::ui {

using browser::Line;
using browser::Mark;
using browser::Step;
using client::toQt;

namespace {

/// The number of a step in a ring whose colour says how it went; words say it too.
class StepMark : public QWidget {
public:
    StepMark(int number, Mark mark, QWidget* parent)
        : QWidget(parent)
        , number_(number)
        , mark_(mark)
    {
        setFixedSize(22, 22);
        setAccessibleName(mark == Mark::Passed       ? AskView::tr("Step %1, passed").arg(number)
                          : mark == Mark::Refused    ? AskView::tr("Step %1, refused").arg(number)
                          : mark == Mark::NotReached ? AskView::tr("Step %1, not reached").arg(number)
                                                     : AskView::tr("Step %1, a note").arg(number));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Extras& colours = extras(this);
        const QColor colour = mark_ == Mark::Passed ? colours.success : mark_ == Mark::Refused ? colours.danger : colours.dimText;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(colour, 1.2));
        painter.drawEllipse(QRectF(rect()).adjusted(1, 1, -1, -1));
        painter.setFont(noteFont());
        painter.drawText(rect(), Qt::AlignCenter, locale().toString(number_));
    }

private:
    int number_;
    Mark mark_;
};

QLabel* lineLabel(const Line& line, Mark mark, QWidget* parent)
{
    const Extras& colours = extras(parent);
    auto* label = new QLabel(parent);
    const QString dim = (mark == Mark::NotReached ? colours.dimText : parent->palette().color(QPalette::Text)).name();
    QString html = QStringLiteral("<span style=\"color:%1\">%2</span>").arg(dim, said(line.text).toHtmlEscaped());
    if (!line.notes.empty())
        html += QStringLiteral("&nbsp; <span style=\"color:%1; font-family:'%3'\">%2</span>")
                    .arg((line.decides ? colours.danger : colours.dimText).name(), said(line.notes).toHtmlEscaped(),
                         parent->font().family().toHtmlEscaped());
    label->setTextFormat(Qt::RichText);
    label->setText(html);
    label->setFont(monospaceFont());
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setContentsMargins(metrics::smallSpace, 1, metrics::smallSpace, 1);
    label->setAccessibleName(QString(said(line.text) + u' ' + said(line.notes)).trimmed());
    if (line.decides) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::Window, colours.dangerBg);
        label->setPalette(palette);
        label->setAutoFillBackground(true);
    }
    return label;
}

/// A box as wide as the pane with the lines of an exchange.
QWidget* linesBox(const Step& step, QWidget* parent)
{
    auto* box = new QFrame(parent);
    box->setFrameShape(QFrame::StyledPanel);
    box->setBackgroundRole(QPalette::Base);
    box->setAutoFillBackground(true);
    auto* rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, metrics::tinySpace, 0, metrics::tinySpace);
    rows->setSpacing(0);
    for (const Line& line : step.lines)
        rows->addWidget(lineLabel(line, step.mark, box));
    return box;
}

} // namespace

AskView::AskView(QWidget* parent)
    : QWidget(parent)
    , rows_(new QVBoxLayout(this))
{
    const int ring = metrics::tinySpace; // of the focus, which lies within
    rows_->setContentsMargins(ring, ring, ring, ring);
    rows_->setSpacing(metrics::smallSpace);
}

void AskView::setSteps(const std::vector<Step>& steps)
{
    steps_ = steps;
    build();
}

void AskView::build()
{
    while (QLayoutItem* item = rows_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int number = 0;
    for (const Step& step : steps_) {
        auto* part = new QWidget(this);
        auto* columns = new QHBoxLayout(part);
        columns->setContentsMargins(0, 0, 0, 0);
        columns->setSpacing(metrics::smallSpace);
        columns->addWidget(new StepMark(++number, step.mark, part), 0, Qt::AlignTop);
        auto* texts = new QVBoxLayout;
        texts->setSpacing(metrics::tinySpace);
        auto* sentence = new QLabel(said(step.sentence), part);
        sentence->setTextFormat(Qt::PlainText);
        sentence->setWordWrap(true);
        sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
        sentence->setMinimumHeight(22);
        texts->addWidget(sentence);
        if (!step.lines.empty())
            texts->addWidget(linesBox(step, part));
        columns->addLayout(texts, 1);
        rows_->addWidget(part);
    }
    rows_->addStretch();
}

void AskView::changeEvent(QEvent* event)
{
    // The colours stand in the texts. Not at once: the labels are about to hear of the change themselves.
    if (event->type() == QEvent::PaletteChange && !steps_.empty())
        QMetaObject::invokeMethod(this, &AskView::build, Qt::QueuedConnection);
    QWidget::changeEvent(event);
}

/// Their context is the class that says them: lupdate knows `say` as `tr`.
QString said(const browser::Sentence& sentence)
{
    const QString translation =
        sentence.text() ? QCoreApplication::translate("iotman::browser::Sentence", sentence.text()) : QString();
    return toQt(sentence.filled(client::fromQt(translation)));
}

QString said(const browser::Sentences& sentences)
{
    QStringList all;
    for (const browser::Sentence& sentence : sentences)
        all << said(sentence);
    return all.join(u' ').trimmed();
}

QString reportText(const browser::Report& report)
{
    QString text = said(report.headline) + u'\n' + said(report.detail) + u'\n';
    int number = 0;
    for (const Step& step : report.steps) {
        text += u'\n' + QString::number(++number) + u". " + said(step.sentence) + u'\n';
        for (const Line& line : step.lines)
            text +=
                u"   " + said(line.text) + (line.notes.empty() ? QString() : QString(u"   (" + said(line.notes) + u')')) + u'\n';
    }
    return text;
}

} // namespace iotman::ui
