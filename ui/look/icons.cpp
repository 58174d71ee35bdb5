#include "ui/look/icons.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <QWidget>

#include <cmath>
#include <optional>

// A static library's resources are only linked and registered where somebody asks for them. The macro has to stand outside
// of every namespace.
static void registerIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace iotman {
namespace {

QByteArray drawing(QStringView name)
{
    registerIcons();
    QFile file(u":/icons/" % name % u".svg");
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A square of `side` device pixels; null for an unknown name.
QPixmap rendered(QStringView name, int side, const QColor& color)
{
    const QString key = u"iotman/" % name % u'/' % QString::number(side) % u'/' % color.name(QColor::HexArgb);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = drawing(name);
    if (svg.isEmpty())
        return {};
    pixmap = QPixmap(side, side);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1()));
    QPainter painter(&pixmap);
    painter.setOpacity(color.alphaF());
    renderer.render(&painter, QRectF(0, 0, side, side));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// The palette of the widget that is painted on, else the application's.
QPalette paletteOf(const QPainter* painter)
{
    const QPaintDevice* device = painter->device();
    if (device && device->devType() == QInternal::Widget)
        return static_cast<const QWidget*>(device)->palette();
    return QGuiApplication::palette();
}

/// Draws a square pixmap at the middle of `rect`, on a whole device pixel, or its strokes would blur.
void drawCentred(QPainter* painter, const QRect& rect, QPixmap pixmap)
{
    const qreal ratio = painter->device()->devicePixelRatioF();
    pixmap.setDevicePixelRatio(ratio);
    QRectF target(QPointF(), pixmap.deviceIndependentSize());
    target.moveCenter(QRectF(rect).center());
    painter->drawPixmap(QPointF(std::floor(target.x() * ratio) / ratio, std::floor(target.y() * ratio) / ratio), pixmap);
}

/// The side, in device pixels, of the largest square in `rect`.
int sideIn(const QRect& rect, const QPainter* painter)
{
    return qRound(qMin(rect.width(), rect.height()) * painter->device()->devicePixelRatioF());
}

class LineIconEngine : public QIconEngine {
public:
    LineIconEngine(QString name, std::optional<QColor Extras::*> color)
        : name_(std::move(name))
        , color_(color)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        if (const int side = sideIn(rect, painter); side > 0)
            drawCentred(painter, rect, rendered(name_, side, color(paletteOf(painter), mode)));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        const int side = qMin(size.width(), size.height());
        return side > 0 ? rendered(name_, side, color(QGuiApplication::palette(), mode)) : QPixmap();
    }

    QString key() const override { return QStringLiteral("iotman-line"); }
    QIconEngine* clone() const override { return new LineIconEngine(*this); }
    QString iconName() override { return name_; }
    bool isNull() override { return false; }

private:
    QColor color(const QPalette& palette, QIcon::Mode mode) const
    {
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (color_)
            return extras(palette).*color_.value();
        if (mode == QIcon::Selected)
            return palette.color(QPalette::Active, QPalette::HighlightedText);
        return palette.color(QPalette::Active, QPalette::ButtonText);
    }

    QString name_;
    std::optional<QColor Extras::*> color_;
};

QIcon make(QStringView name, std::optional<QColor Extras::*> color)
{
    return drawing(name).isEmpty() ? QIcon() : QIcon(new LineIconEngine(name.toString(), color));
}

} // namespace

QStringList iconNames()
{
    registerIcons();
    QStringList names;
    for (const QString& file : QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name))
        names.append(file.chopped(4));
    return names;
}

QIcon icon(QStringView name)
{
    return make(name, std::nullopt);
}

QIcon icon(QStringView name, QColor Extras::*color)
{
    return make(name, color);
}

void paintIcon(QPainter* painter, const QRect& rect, const QIcon& source, const QColor& color)
{
    const int side = sideIn(rect, painter);
    QPixmap pixmap = side > 0 ? source.pixmap(QSize(side, side), 1.0) : QPixmap();
    if (pixmap.isNull())
        return;
    QPainter tint(&pixmap);
    tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
    tint.fillRect(pixmap.rect(), color);
    tint.end();
    drawCentred(painter, rect, pixmap);
}

void paintIcon(QPainter* painter, const QRect& rect, QStringView name, const QColor& color)
{
    if (const int side = sideIn(rect, painter); side > 0)
        drawCentred(painter, rect, rendered(name, side, color));
}

} // namespace iotman
