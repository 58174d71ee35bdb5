#include "ui/look/icons.h"
#include "ui/look/look.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QWidget>
#include <QtTest/QtTest>

using namespace iotman;

/// The colour that most of the opaque pixels have; invalid where there are none.
static QColor inkOf(const QPixmap& pixmap)
{
    QHash<QRgb, int> seen;
    const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (const QRgb pixel = image.pixel(x, y); qAlpha(pixel) > 250)
                ++seen[pixel];
    QColor ink;
    int most = 0;
    for (auto it = seen.cbegin(); it != seen.cend(); ++it)
        if (it.value() > most) {
            most = it.value();
            ink = QColor(it.key());
        }
    return ink;
}

class TestIcons : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyLook(*qApp, Scheme::Light); }

    void everyDrawingIsBuiltIn()
    {
        QStringList files;
        for (const QString& file :
             QDir(QStringLiteral(IOTMAN_SOURCE_DIR "/resources/icons")).entryList({QStringLiteral("*.svg")}))
            files.append(file.chopped(4));
        files.sort();
        QVERIFY(files.size() >= 58);
        QCOMPARE(iconNames(), files);
    }

    void everyIconIsPaintedInTheColourOfItsMode_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString& name : iconNames())
            QTest::addRow("%s", qPrintable(name)) << name;
    }
    void everyIconIsPaintedInTheColourOfItsMode()
    {
        QFETCH(QString, name);
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            applyLook(*qApp, scheme);
            const QPalette palette = QApplication::palette();
            const QIcon shown = icon(name);
            QVERIFY(!shown.isNull());
            const auto ink = [&shown](QIcon::Mode mode) { return inkOf(shown.pixmap(QSize(64, 64), 1.0, mode)); };
            QCOMPARE(ink(QIcon::Normal), palette.color(QPalette::Active, QPalette::ButtonText));
            QCOMPARE(ink(QIcon::Disabled), palette.color(QPalette::Disabled, QPalette::ButtonText));
            QCOMPARE(ink(QIcon::Selected), palette.color(QPalette::Active, QPalette::HighlightedText));
        }
    }

    void anIconFollowsASwitchOfTheScheme()
    {
        const QIcon shown = icon(u"copy");
        const QColor light = inkOf(shown.pixmap(QSize(64, 64), 1.0));
        applyLook(*qApp, Scheme::Dark);
        const QColor dark = inkOf(shown.pixmap(QSize(64, 64), 1.0));
        QCOMPARE(light, lightPalette().color(QPalette::ButtonText));
        QCOMPARE(dark, darkPalette().color(QPalette::ButtonText));
    }

    void aStatesColourStaysUnlessDisabled()
    {
        const QIcon ok = icon(u"ok", &Extras::success);
        QCOMPARE(inkOf(ok.pixmap(QSize(64, 64), 1.0)), lightExtras().success);
        QCOMPARE(inkOf(ok.pixmap(QSize(64, 64), 1.0, QIcon::Selected)), lightExtras().success);
        QCOMPARE(inkOf(ok.pixmap(QSize(64, 64), 1.0, QIcon::Disabled)), lightExtras().disabledText);
        applyLook(*qApp, Scheme::Dark);
        QCOMPARE(inkOf(ok.pixmap(QSize(64, 64), 1.0)), darkExtras().success);
    }

    void itIsSharpAtEveryScale_data()
    {
        QTest::addColumn<double>("scale");
        QTest::newRow("100 %") << 1.0;
        QTest::newRow("125 %") << 1.25;
        QTest::newRow("150 %") << 1.5;
        QTest::newRow("200 %") << 2.0;
    }
    void itIsSharpAtEveryScale()
    {
        QFETCH(double, scale);
        const QPixmap pixmap = icon(u"endpoints").pixmap(QSize(16, 16), scale);
        QCOMPARE(pixmap.size(), QSize(16, 16) * scale);
        QVERIFY(pixmap.hasAlpha());
    }

    void theWidgetsPaletteWinsOverTheApplications()
    {
        QWidget widget;
        widget.setPalette(darkPalette());
        class Canvas : public QWidget {
        public:
            using QWidget::QWidget;
            void paintEvent(QPaintEvent*) override
            {
                QPainter painter(this);
                painter.fillRect(rect(), Qt::black);
                icon(u"record").paint(&painter, rect());
            }
        };
        auto* canvas = new Canvas(&widget);
        canvas->resize(64, 64);
        QImage image(64, 64, QImage::Format_ARGB32);
        image.fill(Qt::black);
        canvas->render(&image);
        // The disc in the middle of “record” is filled.
        QCOMPARE(image.pixelColor(32, 32), darkPalette().color(QPalette::ButtonText));
    }

    void anUnknownNameGivesNoIcon()
    {
        QVERIFY(icon(u"no-such-icon").isNull());
        QVERIFY(icon(u"").isNull());
    }

    void aTintedIconHasTheColourThatWasAskedFor()
    {
        QPixmap canvas(64, 64);
        canvas.fill(Qt::transparent);
        QPainter painter(&canvas);
        paintIcon(&painter, canvas.rect(), icon(u"record"), QColor(255, 0, 0));
        painter.end();
        QCOMPARE(inkOf(canvas), QColor(255, 0, 0));
        canvas.fill(Qt::transparent);
        QPainter second(&canvas);
        paintIcon(&second, canvas.rect(), u"record", QColor(0, 0, 255));
        second.end();
        QCOMPARE(inkOf(canvas), QColor(0, 0, 255));
    }
};

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
