#include "ui/look/fonts.h"
#include "ui/look/look.h"

#include <QApplication>
#include <QListView>
#include <QPushButton>
#include <QtTest/QtTest>

#include <cmath>

using namespace iotman;

/// WCAG 2.2, "relative luminance" and "contrast ratio".
static double luminance(const QColor& color)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

static double contrast(const QColor& one, const QColor& other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (qMax(a, b) + 0.05) / (qMin(a, b) + 0.05);
}

class TestLook : public QObject {
    Q_OBJECT

    static void row(const QByteArray& what, const QColor& front, const QColor& back, double least)
    {
        QTest::addRow("%s", what.constData()) << front << back << least;
    }

    static void rowsOf(const QByteArray& scheme, const QPalette& palette, const Extras& e)
    {
        const auto text = [&](const QByteArray& what, const QColor& front, const QColor& back) {
            row(scheme + ": " + what, front, back, 4.5);
        };
        const auto part = [&](const QByteArray& what, const QColor& front, const QColor& back) {
            row(scheme + ": " + what, front, back, 3.0);
        };
        const auto color = [&](QPalette::ColorRole role) { return palette.color(QPalette::Active, role); };
        const QColor window = color(QPalette::Window);
        const QColor base = color(QPalette::Base);
        text("text on base", color(QPalette::Text), base);
        text("text on alternate base", color(QPalette::Text), color(QPalette::AlternateBase));
        text("text on a selected row", color(QPalette::Text), e.sel);
        text("text on a selected row of an inactive window", color(QPalette::Text), e.selInactive);
        text("text on hover", color(QPalette::Text), e.hover);
        text("window text", color(QPalette::WindowText), window);
        text("window text on a pane", color(QPalette::WindowText), e.pane);
        text("button text", color(QPalette::ButtonText), color(QPalette::Button));
        text("button text on a checked tool button", color(QPalette::ButtonText), e.toolOn);
        text("placeholder", color(QPalette::PlaceholderText), base);
        text("highlighted text", color(QPalette::HighlightedText), color(QPalette::Highlight));
        text("link on base", color(QPalette::Link), base);
        text("link on window", color(QPalette::Link), window);
        text("tooltip", color(QPalette::ToolTipText), color(QPalette::ToolTipBase));
        text("default button", e.accentText, e.accent);
        text("dim on window", e.dimText, window);
        text("dim on base", e.dimText, base);
        text("dim on a pane", e.dimText, e.pane);
        text("dim on a selected row", e.dimText, e.sel);
        text("success", e.success, e.successBg);
        text("warning", e.warning, e.warningBg);
        text("danger", e.danger, e.dangerBg);
        text("danger on a selected row", e.danger, e.sel);
        text("public", e.publicAccess, e.publicAccessBg);
        text("scope", e.scope, e.scopeBg);
        text("local", e.environmentText, e.local);
        text("test", e.environmentText, e.test);
        text("production", e.environmentText, e.production);
        text("axis", e.chartAxis, e.chartBackground);
        for (const QColor& code : {e.codeKey, e.codeString, e.codeNumber, e.codeOperator, e.codeVariable})
            text("code " + code.name().toLatin1(), code, base);
        part("outline on window", e.outline, window);
        part("outline on base", e.outline, base);
        part("outline on a pane", e.outline, e.pane);
        part("accent on window", e.accent, window);
        part("accent bar on a selected row", e.accent, e.sel);
        part("info icon on its tint", e.accent, e.infoBg);
        part("gap mark", e.chartGap, e.chartBackground);
        part("limit", e.chartLimit, e.chartBackground);
        part("cursor", e.chartCursor, e.chartBackground);
        part("disabled text on window", e.disabledText, window);
        part("disabled text on a pane", e.disabledText, e.pane);
        for (std::size_t i = 0; i < e.series.size(); ++i) {
            part("series " + QByteArray::number(int(i) + 1), e.series[i], e.chartBackground);
            part("series " + QByteArray::number(int(i) + 1) + " on the selection", e.series[i], e.chartSelection);
        }
    }

private Q_SLOTS:
    void init() { applyLook(*qApp, Scheme::Light); }

    void everyColourCanBeReadOnItsGround_data()
    {
        QTest::addColumn<QColor>("front");
        QTest::addColumn<QColor>("back");
        QTest::addColumn<double>("least");
        rowsOf("light", lightPalette(), lightExtras());
        rowsOf("dark", darkPalette(), darkExtras());
    }
    void everyColourCanBeReadOnItsGround()
    {
        QFETCH(QColor, front);
        QFETCH(QColor, back);
        QFETCH(double, least);
        const double measured = contrast(front, back);
        // The design rounds to one decimal: 2.95 is its 3.0.
        QVERIFY2(measured >= least - 0.05, qPrintable(QString::number(measured, 'f', 2)));
    }

    void noColourIsForgotten_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void noColourIsForgotten()
    {
        QFETCH(bool, dark);
        const Extras& e = dark ? darkExtras() : lightExtras();
        // Extras is made of QColors and nothing else.
        static_assert(sizeof(Extras) % sizeof(QColor) == 0);
        const auto* first = &e.accent;
        for (std::size_t i = 0; i < sizeof(Extras) / sizeof(QColor); ++i)
            QVERIFY2(first[i].isValid(), qPrintable(QString::number(i)));
    }

    void aSelectedRowKeepsItsTextColour()
    {
        for (const QPalette& palette : {lightPalette(), darkPalette()}) {
            const QPalette view = itemViewPalette(palette);
            QCOMPARE(view.color(QPalette::Active, QPalette::Highlight), extras(palette).sel);
            QCOMPARE(view.color(QPalette::Inactive, QPalette::Highlight), extras(palette).selInactive);
            QCOMPARE(view.color(QPalette::Active, QPalette::HighlightedText), palette.color(QPalette::Active, QPalette::Text));
        }
    }

    void disabledTextHasItsOwnColour()
    {
        for (const QPalette& palette : {lightPalette(), darkPalette()})
            for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
                QCOMPARE(palette.color(QPalette::Disabled, role), extras(palette).disabledText);
    }

    void widgetsFollowASwitchAtRunTime()
    {
        QPushButton button;
        QListView view;
        button.ensurePolished();
        view.ensurePolished();
        applyLook(*qApp, Scheme::Dark);
        QTRY_VERIFY(isDark(button.palette()));
        QCOMPARE(view.palette().color(QPalette::Highlight), darkExtras().sel);
        applyLook(*qApp, Scheme::Light);
        QTRY_VERIFY(!isDark(button.palette()));
        QCOMPARE(view.palette().color(QPalette::Highlight), lightExtras().sel);
        QCOMPARE(&extras(&button), &lightExtras());
    }

    void theSystemsChoiceDoesNotDependOnWhatWasSetBefore()
    {
        applyLook(*qApp, Scheme::Light);
        applyLook(*qApp, Scheme::System);
        const bool first = isDark(QApplication::palette());
        applyLook(*qApp, Scheme::Dark);
        applyLook(*qApp, Scheme::System);
        QCOMPARE(isDark(QApplication::palette()), first);
    }

    void theStyleIsInstalledOnce()
    {
        const QStyle* style = QApplication::style();
        applyLook(*qApp, Scheme::Dark);
        QCOMPARE(QApplication::style(), style);
    }

    void fontsKeepTheirProportions()
    {
        const double general = QApplication::font().pointSizeF();
        QVERIFY(general > 0);
        QCOMPARE(monospaceFont().pointSizeF(), general * 0.92);
        QCOMPARE(titleFont().pointSizeF(), general * 1.15);
        QVERIFY(titleFont().bold());
        QCOMPARE(noteFont().pointSizeF(), general * 0.9);
        QFont pixels;
        pixels.setPixelSize(20);
        QCOMPARE(scaledFont(pixels, 0.9).pixelSize(), 18);
    }
};

QTEST_MAIN(TestLook)
#include "tst_look.moc"
