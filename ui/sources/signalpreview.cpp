#include "ui/sources/signalpreview.h"

#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <utility>

namespace iotman::ui {

namespace {

constexpr int digits = 4;

} // namespace

SignalPreview::SignalPreview(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(noteFont());
}

QSize SignalPreview::sizeHint() const
{
    constexpr int width = 300, lines = 6;
    return {width, lines * fontMetrics().lineSpacing()};
}

void SignalPreview::setValues(std::vector<std::optional<double>> values, double seconds)
{
    values_ = std::move(values);
    std::vector<double> there;
    for (const std::optional<double>& value : values_) {
        if (value)
            there.push_back(*value);
    }
    const QString span = seconds < 600 ? tr("%1 s").arg(locale().toString(seconds, 'g', digits))
                                       : tr("%1 min").arg(locale().toString(seconds / 60, 'g', digits));
    if (there.empty()) {
        least_ = most_ = 0;
        sentence_ = values_.empty() ? QString() : tr("Missing all the time in %1.").arg(span);
    } else {
        const auto [least, most] = std::minmax_element(there.begin(), there.end());
        least_ = *least;
        most_ = *most;
        const auto missing = static_cast<int>((values_.size() - there.size()) * 100 / values_.size());
        sentence_ = tr("The first %1: from %2 to %3.")
                        .arg(span, locale().toString(least_, 'g', digits), locale().toString(most_, 'g', digits));
        if (there.size() < values_.size())
            sentence_ += QLatin1Char(' ') + tr("Missing %1 % of the time.").arg(std::max(missing, 1));
    }
    setAccessibleName(tr("Preview"));
    setAccessibleDescription(sentence_);
    setToolTip(sentence_);
    update();
}

void SignalPreview::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int text = fontMetrics().lineSpacing();
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5 - text);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(frame);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(QRect(0, height() - text, width(), text), Qt::AlignLeft | Qt::AlignBottom,
                     fontMetrics().elidedText(sentence_, Qt::ElideRight, width()));
    if (values_.size() < 2)
        return;
    const QRectF area = frame.adjusted(metrics::smallSpace, metrics::smallSpace, -metrics::smallSpace, -metrics::smallSpace);
    const double span = most_ > least_ ? most_ - least_ : 1;
    QPainterPath line;
    bool drawing = false;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (!values_[i]) {
            drawing = false;
            continue;
        }
        const double share = most_ > least_ ? (*values_[i] - least_) / span : 0.5;
        const QPointF point(area.left() + area.width() * static_cast<double>(i) / static_cast<double>(values_.size() - 1),
                            area.bottom() - area.height() * share);
        if (std::exchange(drawing, true))
            line.lineTo(point);
        else
            line.moveTo(point);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.drawPath(line);
}

} // namespace iotman::ui
