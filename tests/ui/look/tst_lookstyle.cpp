#include "ui/look/look.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFocusFrame>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QStyleOption>
#include <QTabBar>
#include <QTreeWidget>
#include <QtTest/QtTest>

#include <functional>
#include <memory>

using namespace iotman;

using MakeWidget = std::function<QWidget*()>;
Q_DECLARE_METATYPE(MakeWidget)

static QWidget* sized(QWidget* widget)
{
    widget->setFont(QApplication::font());
    widget->ensurePolished();
    widget->resize(widget->sizeHint());
    return widget;
}

static QColor pixel(QWidget* widget, const QPoint& point)
{
    return widget->grab().toImage().pixelColor(point);
}

class TestLookStyle : public QObject {
    Q_OBJECT

    QFont font_;

private Q_SLOTS:
    void initTestCase() { font_ = QApplication::font(); }
    void init()
    {
        QApplication::setFont(font_);
        applyLook(*qApp, Scheme::Light);
    }

    void controlsLineUp_data()
    {
        QTest::addColumn<MakeWidget>("make");
        QTest::newRow("push button") << MakeWidget([] { return new QPushButton(QStringLiteral("Send")); });
        QTest::newRow("line edit") << MakeWidget([] { return new QLineEdit(QStringLiteral("text")); });
        QTest::newRow("spin box") << MakeWidget([] { return new QSpinBox; });
        QTest::newRow("double spin box") << MakeWidget([] { return new QDoubleSpinBox; });
        QTest::newRow("date and time") << MakeWidget([] { return new QDateTimeEdit; });
        QTest::newRow("date and time with a calendar") << MakeWidget([] {
            auto* edit = new QDateTimeEdit;
            edit->setCalendarPopup(true);
            return edit;
        });
        QTest::newRow("combo") << MakeWidget([] {
            auto* combo = new QComboBox;
            combo->addItem(QStringLiteral("No token"));
            return combo;
        });
        QTest::newRow("editable combo") << MakeWidget([] {
            auto* combo = new QComboBox;
            combo->setEditable(true);
            return combo;
        });
    }
    void controlsLineUp()
    {
        QFETCH(MakeWidget, make);
        QFont font = font_;
        font.setPointSize(9);
        QApplication::setFont(font);
        const std::unique_ptr<QWidget> widget(sized(make()));
        QCOMPARE(widget->height(), metrics::controlHeight);
        makeSmall(widget.get());
        QCOMPARE(widget->sizeHint().height(), metrics::smallControlHeight);
    }

    void nothingIsCutAtAnyFontSize_data()
    {
        QTest::addColumn<int>("points");
        for (int points = 9; points <= 20; ++points)
            QTest::addRow("%d pt", points) << points;
    }
    void nothingIsCutAtAnyFontSize()
    {
        QFETCH(int, points);
        QFont font = font_;
        font.setPointSize(points);
        QApplication::setFont(font);
        const QString text = QStringLiteral("Ärgerjpq 2026");
        const QFontMetrics metrics(font);
        const int width = metrics.horizontalAdvance(text);

        QPushButton button(text);
        sized(&button);
        QVERIFY(button.height() >= metrics.height() + 2);
        QVERIFY(button.width() >= width + 16);

        QComboBox combo;
        combo.addItem(text);
        sized(&combo);
        QStyleOptionComboBox comboOption;
        comboOption.initFrom(&combo);
        const QRect field =
            combo.style()->subControlRect(QStyle::CC_ComboBox, &comboOption, QStyle::SC_ComboBoxEditField, &combo);
        QVERIFY2(field.width() >= width + 2, qPrintable(QStringLiteral("%1 < %2").arg(field.width()).arg(width)));
        QVERIFY(field.height() >= metrics.height());

        QSpinBox spin;
        spin.setMaximum(1000000);
        spin.setValue(1000000);
        sized(&spin);
        const auto* edit = spin.findChild<QLineEdit*>();
        QVERIFY(edit->width() >= metrics.horizontalAdvance(spin.text()) + 4);
        QVERIFY(edit->height() >= metrics.height());

        QDateTimeEdit time(QDateTime(QDate(2026, 12, 28), QTime(23, 59, 59)));
        time.setCalendarPopup(true);
        time.setDisplayFormat(QStringLiteral("d MMM yyyy HH:mm:ss"));
        sized(&time);
        QVERIFY(time.findChild<QLineEdit*>()->width() >= metrics.horizontalAdvance(time.text()) + 4);

        QCheckBox check(text);
        sized(&check);
        QVERIFY(check.width() >= width + 16 + 4);
        QVERIFY(check.height() >= metrics.height());
        QRadioButton radio(text);
        sized(&radio);
        QVERIFY(radio.width() >= width + 16 + 4);

        QTabBar tabs;
        tabs.addTab(text);
        sized(&tabs);
        QVERIFY(tabs.tabRect(0).width() >= width + 8);
        QVERIFY(tabs.tabRect(0).height() >= metrics.height() + 8);

        QMenu menu;
        QAction* action = menu.addAction(text);
        sized(&menu);
        QVERIFY(menu.actionGeometry(action).width() >= width + 16);
        QVERIFY(menu.actionGeometry(action).height() >= metrics.height());

        QTreeWidget tree;
        tree.addTopLevelItem(new QTreeWidgetItem({text}));
        sized(&tree);
        QVERIFY(tree.visualItemRect(tree.topLevelItem(0)).height() >= metrics.height());
    }

    void theDefaultButtonIsFilled_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void theDefaultButtonIsFilled()
    {
        QFETCH(bool, dark);
        applyLook(*qApp, dark ? Scheme::Dark : Scheme::Light);
        QPushButton button(QStringLiteral("Create endpoint"));
        button.setDefault(true);
        sized(&button);
        const Extras& e = dark ? darkExtras() : lightExtras();
        QCOMPARE(pixel(&button, QPoint(6, button.height() / 2)), e.accent);
        button.setDefault(false);
        QVERIFY(pixel(&button, QPoint(6, button.height() / 2)) != e.accent);
        QCOMPARE(pixel(&button, QPoint(0, button.height() / 2)), e.outline);
        button.setDefault(true);
        button.setEnabled(false);
        QCOMPARE(pixel(&button, QPoint(0, button.height() / 2)), e.disabledBorder);
        QVERIFY(pixel(&button, QPoint(6, button.height() / 2)) != e.accent);
    }

    void anInputShowsFocusAndFault()
    {
        QWidget window;
        auto* row = new QHBoxLayout(&window);
        auto* first = new QLineEdit;
        auto* second = new QLineEdit;
        row->addWidget(first);
        row->addWidget(second);
        window.show();
        QApplication::setActiveWindow(&window);
        first->setFocus();
        QTRY_VERIFY(first->hasFocus());
        const QPoint edge(1, first->height() / 2);
        QCOMPARE(pixel(first, edge), lightExtras().accent);
        QCOMPARE(pixel(second, QPoint(0, edge.y())), lightExtras().outline);
        QVERIFY(pixel(second, edge) != lightExtras().outline);
        setFaulty(second, true);
        QCOMPARE(pixel(second, edge), lightExtras().danger);
        setFaulty(second, false);
        QVERIFY(pixel(second, edge) != lightExtras().danger);
    }

    void theRingFollowsTheFocus()
    {
        QWidget window;
        auto* row = new QHBoxLayout(&window);
        auto* edit = new QLineEdit;
        auto* button = new QPushButton(QStringLiteral("Send"));
        auto* tree = new QTreeWidget;
        for (QWidget* widget : std::initializer_list<QWidget*>{edit, button, tree})
            row->addWidget(widget);
        window.show();
        QApplication::setActiveWindow(&window);
        button->setFocus();
        QTRY_VERIFY(button->hasFocus());
        auto* ring = window.findChild<QFocusFrame*>();
        QVERIFY(ring);
        QTRY_VERIFY(ring->isVisible());
        QCOMPARE(ring->geometry(), button->geometry().adjusted(-3, -3, 3, 3));
        const QImage shown = window.grab().toImage();
        const QPoint left(button->geometry().left(), button->geometry().center().y());
        QCOMPARE(shown.pixelColor(left - QPoint(2, 0)), lightExtras().accent);
        QCOMPARE(shown.pixelColor(left - QPoint(3, 0)), lightExtras().accent);
        QCOMPARE(shown.pixelColor(left - QPoint(1, 0)), window.palette().color(QPalette::Window));

        tree->setFocus();
        QTRY_COMPARE(ring->geometry(), tree->geometry());
        edit->setFocus();
        QTRY_VERIFY(!ring->isVisible()); // an input shows it on its own border
    }

    void aRingSurvivesItsWindow()
    {
        for (int i = 0; i < 2; ++i) {
            auto window = std::make_unique<QWidget>();
            auto* button = new QPushButton(QStringLiteral("Send"), window.get());
            window->show();
            QApplication::setActiveWindow(window.get());
            button->setFocus();
            QTRY_VERIFY(button->hasFocus());
            QVERIFY(window->findChild<QFocusFrame*>());
        }
    }

    void theScrollBarsHandleCoversTheWholeWay()
    {
        QScrollBar bar(Qt::Vertical);
        bar.setRange(0, 1000);
        bar.setPageStep(100);
        bar.resize(12, 440);
        const auto handle = [&bar] {
            QStyleOptionSlider option;
            option.initFrom(&bar);
            option.minimum = bar.minimum();
            option.maximum = bar.maximum();
            option.pageStep = bar.pageStep();
            option.sliderPosition = bar.value();
            option.orientation = bar.orientation();
            return bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarSlider, &bar);
        };
        QCOMPARE(bar.sizeHint().width(), 12);
        QCOMPARE(handle(), QRect(0, 0, 12, 40));
        bar.setValue(1000);
        QCOMPARE(handle(), QRect(0, 400, 12, 40));
        bar.setRange(0, 1000000);
        bar.setValue(0);
        QCOMPARE(handle().height(), bar.style()->pixelMetric(QStyle::PM_ScrollBarSliderMin));
        bar.setRange(0, 0);
        QCOMPARE(handle(), QRect(0, 0, 12, 440));
    }

    void motionCanBeTurnedOff()
    {
        applyLook(*qApp, Scheme::Light, Motion::Reduced);
        QCOMPARE(QApplication::style()->styleHint(QStyle::SH_Widget_Animation_Duration), 0);
        applyLook(*qApp, Scheme::Light, Motion::Full);
        QVERIFY(QApplication::style()->styleHint(QStyle::SH_Widget_Animation_Duration) <= metrics::fadeMs);
    }
};

QTEST_MAIN(TestLookStyle)
#include "tst_lookstyle.moc"
