#include "ui/look/badge.h"
#include "ui/look/busyring.h"
#include "ui/look/copybutton.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/look.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/navigationlist.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/taborder.h"
#include "ui/look/toast.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QtTest/QtTest>

using namespace iotman;

/// The time is up: nothing waits for it.
static void ring(QTimer* timer)
{
    QVERIFY(QMetaObject::invokeMethod(timer, "timeout"));
}

class TestLookWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyLook(*qApp, Scheme::Light); }

    void aRefusedActionSaysWhyAndGetsItsTextsBack()
    {
        QAction action(QStringLiteral("&Delete"));
        action.setToolTip(QStringLiteral("Delete the chosen endpoints"));
        setAllowed(&action, false, QStringLiteral("Requires Editor or Admin role."));
        QVERIFY(!action.isEnabled());
        QCOMPARE(action.toolTip(), QStringLiteral("Requires Editor or Admin role."));
        setAllowed(&action, false, QStringLiteral("Nothing is chosen."));
        QCOMPARE(action.toolTip(), QStringLiteral("Nothing is chosen."));
        setAllowed(&action, true, {});
        QVERIFY(action.isEnabled());
        QCOMPARE(action.toolTip(), QStringLiteral("Delete the chosen endpoints"));
        QCOMPARE(action.statusTip(), QString());
    }

    void enterPressesTheButtonThatHasTheFocus()
    {
        QDialog dialog;
        auto* rows = new QHBoxLayout(&dialog);
        auto* browse = new QPushButton(QStringLiteral("Choose a file"), &dialog);
        browse->setAutoDefault(false);
        auto* save = new QPushButton(QStringLiteral("Save"), &dialog);
        save->setDefault(true);
        rows->addWidget(browse);
        rows->addWidget(save);
        dialog.show();
        QSignalSpy browsed(browse, &QPushButton::clicked), saved(save, &QPushButton::clicked);
        QTest::keyClick(browse, Qt::Key_Return);
        QCOMPARE(browsed.size(), 1);
        QCOMPARE(saved.size(), 0);
        QVERIFY(save->isDefault());
        QTest::keyClick(save, Qt::Key_Enter);
        QCOMPARE(saved.size(), 1);
    }

    /// Widgets are made in another order than they are read in.
    void tabFollowsTheLayouts()
    {
        QDialog dialog;
        const auto named = [](QWidget* widget, const char* name) {
            widget->setObjectName(QLatin1String(name));
            return widget;
        };
        auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok, &dialog);
        named(buttons->button(QDialogButtonBox::Ok), "ok");
        QWidget* last = named(new QLineEdit, "last cell");
        QWidget* first = named(new QLineEdit, "first cell");
        auto* grid = new QGridLayout;
        grid->addWidget(last, 1, 0);
        grid->addWidget(first, 0, 1);
        auto* scrolled = new QScrollArea;
        scrolled->setFocusPolicy(Qt::NoFocus);
        auto* inside = new QWidget;
        auto* form = new QFormLayout(inside);
        QWidget* second = named(new QLineEdit, "second row");
        form->addRow(QStringLiteral("First"), named(new QLineEdit, "first row"));
        form->addRow(QStringLiteral("Second"), second);
        scrolled->setWidget(inside);
        auto* column = new QVBoxLayout(&dialog);
        column->addWidget(scrolled);
        column->addLayout(grid);
        column->addWidget(buttons);
        tabThroughLayouts(dialog);
        QStringList order;
        QWidget* start = dialog.findChild<QWidget*>(QStringLiteral("first row"));
        for (QWidget* stop = start; order.size() < 20; stop = stop->nextInFocusChain()) {
            if (stop == start && !order.isEmpty())
                break;
            if ((stop->focusPolicy() & Qt::TabFocus) != 0 && !stop->objectName().isEmpty() &&
                !stop->objectName().startsWith(QStringLiteral("qt_")))
                order.append(stop->objectName());
        }
        QCOMPARE(order, (QStringList{QStringLiteral("first row"), QStringLiteral("second row"), QStringLiteral("first cell"),
                                     QStringLiteral("last cell"), QStringLiteral("ok")}));
    }

    void anActionWithoutATooltipHasItsTextAgain()
    {
        QAction action(QStringLiteral("&Save"));
        setAllowed(&action, false, QStringLiteral("Nothing has changed."));
        setAllowed(&action, true, {});
        QCOMPARE(action.toolTip(), QStringLiteral("Save"));
        action.setText(QStringLiteral("Save all"));
        QCOMPARE(action.toolTip(), QStringLiteral("Save all"));
    }

    void aRefusedWidgetSaysWhyAndGetsItsTextsBack()
    {
        QPushButton button;
        button.setToolTip(QStringLiteral("tip"));
        button.setAccessibleDescription(QStringLiteral("description"));
        setAllowed(&button, true, {});
        QCOMPARE(button.toolTip(), QStringLiteral("tip"));
        for (int i = 0; i < 2; ++i) {
            setAllowed(&button, false, QStringLiteral("Requires Admin role."));
            QVERIFY(!button.isEnabled());
            QCOMPARE(button.toolTip(), QStringLiteral("Requires Admin role."));
            QCOMPARE(button.accessibleDescription(), QStringLiteral("Requires Admin role."));
        }
        setAllowed(&button, true, {});
        QVERIFY(button.isEnabled());
        QCOMPARE(button.toolTip(), QStringLiteral("tip"));
        QCOMPARE(button.accessibleDescription(), QStringLiteral("description"));
    }

    void aLabelIsCutInTheMiddleAndReadOutWhole()
    {
        const QString url = QStringLiteral("http://127.0.0.1:8787/data/out/seattle-hourly");
        ElidedLabel label(url);
        QCOMPARE(label.accessibleName(), url);
        label.resize(label.sizeHint());
        QVERIFY(!label.isElided());
        label.resize(label.sizeHint().width() / 2, label.height());
        QVERIFY(label.isElided());
        QVERIFY(label.minimumSizeHint().width() < label.sizeHint().width());
    }

    void aBadgeHasRoomForItsWord_data()
    {
        QTest::addColumn<int>("points");
        for (int points = 9; points <= 20; ++points)
            QTest::addRow("%d pt", points) << points;
    }
    void aBadgeHasRoomForItsWord()
    {
        QFETCH(int, points);
        QFont font = QApplication::font();
        font.setPointSize(points);
        for (const BadgeKind kind : {BadgeKind::Public, BadgeKind::Scope, BadgeKind::Local, BadgeKind::Danger}) {
            Badge badge({kind, QStringLiteral("sensor:read")});
            badge.setFont(font);
            QCOMPARE(badge.accessibleName(), QStringLiteral("sensor:read"));
            const QSize size = badge.sizeHint();
            QVERIFY(size.height() >= QFontInfo(font).pixelSize());
            badge.resize(size);
            const QImage whole = badge.grab().toImage();
            badge.resize(size + QSize(100, 0)); // more room changes nothing: the word was whole
            QCOMPARE(badge.grab(QRect(QPoint(), size)).toImage(), whole);
        }
    }

    void anEnvironmentsChipIsFilled()
    {
        Badge badge({BadgeKind::Production, QStringLiteral("Production")});
        badge.resize(badge.sizeHint());
        QCOMPARE(badge.grab().toImage().pixelColor(3, badge.height() / 2), lightExtras().production);
    }

    void nothingTurnsBeforeItsTime()
    {
        BusyRing busy;
        auto* delay = busy.findChild<QTimer*>(QStringLiteral("delay"));
        QSignalSpy appeared(&busy, &BusyRing::appeared);
        busy.start(QStringLiteral("Loading endpoints"));
        QVERIFY(busy.isRunning());
        QVERIFY(!busy.isShown());
        QCOMPARE(delay->interval(), 150);
        ring(delay);
        QVERIFY(busy.isShown());
        QCOMPARE(appeared.size(), 1);
        QCOMPARE(busy.accessibleName(), QStringLiteral("Loading endpoints"));
        busy.stop();
        QVERIFY(!busy.isRunning());
        QCOMPARE(busy.accessibleName(), QString());
        QCOMPARE(busy.sizeHint(), QSize(16, 16));
    }

    void whatIsQuickShowsNoRing()
    {
        BusyRing busy;
        QSignalSpy appeared(&busy, &BusyRing::appeared);
        busy.start(QStringLiteral("Loading"));
        busy.stop();
        QVERIFY(!busy.findChild<QTimer*>(QStringLiteral("delay"))->isActive());
        QCOMPARE(appeared.size(), 0);
    }

    void aToastGoesAfterItsTime()
    {
        QWidget page;
        page.resize(800, 600);
        Toast toast(&page);
        page.show();
        QVERIFY(toast.isHidden());
        auto* time = toast.findChild<QTimer*>(QStringLiteral("time"));
        QSignalSpy dismissed(&toast, &Toast::dismissed);
        toast.show(QStringLiteral("Endpoint deleted."), true);
        QVERIFY(toast.isVisible());
        QVERIFY(time->isActive());
        QCOMPARE(time->interval(), 6000);
        QCOMPARE(toast.width(), 320);
        QCOMPARE(toast.geometry().right(), page.rect().right() - metrics::pageMargin);
        QCOMPARE(toast.geometry().bottom(), page.rect().bottom() - metrics::pageMargin);
        page.resize(700, 500);
        QCOMPARE(toast.geometry().right(), page.rect().right() - metrics::pageMargin);
        ring(time);
        QVERIFY(toast.isHidden());
        QCOMPARE(dismissed.size(), 1);
    }

    void aToastWaitsUnderThePointer()
    {
        QWidget page;
        page.resize(800, 600);
        Toast toast(&page);
        page.show();
        toast.show(QStringLiteral("Endpoint deleted."), false);
        auto* time = toast.findChild<QTimer*>(QStringLiteral("time"));
        QEnterEvent enter(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1));
        QCoreApplication::sendEvent(&toast, &enter);
        QVERIFY(!time->isActive());
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&toast, &leave);
        QVERIFY(time->isActive());
        QVERIFY(toast.undoButton()->isHidden());
    }

    void aToastWaitsWhileItHasTheFocus()
    {
        QWidget page;
        page.resize(800, 600);
        auto* other = new QPushButton(QStringLiteral("other"), &page);
        Toast toast(&page);
        page.show();
        QApplication::setActiveWindow(&page);
        toast.show(QStringLiteral("Endpoint deleted."), true);
        auto* time = toast.findChild<QTimer*>(QStringLiteral("time"));
        toast.undoButton()->setFocus();
        QTRY_VERIFY(toast.undoButton()->hasFocus());
        QTRY_VERIFY(!time->isActive());
        other->setFocus();
        QTRY_VERIFY(time->isActive());
    }

    void undoIsAskedForOnce()
    {
        QWidget page;
        Toast toast(&page);
        QSignalSpy undo(&toast, &Toast::undoRequested);
        toast.show(QStringLiteral("Endpoint deleted."), true);
        toast.undoButton()->click();
        QCOMPARE(undo.size(), 1);
        QVERIFY(toast.isHidden());
    }

    void aCopyButtonCopiesAndSaysSo()
    {
        CopyButton button(QStringLiteral("Copy URL"));
        QVERIFY(!button.isEnabled());
        button.setCopyText(QStringLiteral("http://127.0.0.1:8787"));
        QVERIFY(button.isEnabled());
        QCOMPARE(button.accessibleName(), QStringLiteral("Copy URL"));
        button.click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:8787"));
        QVERIFY(button.accessibleName() != QStringLiteral("Copy URL"));
        ring(button.findChild<QTimer*>(QStringLiteral("rest")));
        QCOMPARE(button.accessibleName(), QStringLiteral("Copy URL"));
    }

    void aMessageIsPlainText()
    {
        MessageLine line(MessageLine::Kind::Error, QStringLiteral("<b>a & b</b>"));
        QCOMPARE(line.accessibleName(), QStringLiteral("<b>a & b</b>"));
        const QString shown = line.findChild<QLabel*>()->text();
        QVERIFY2(shown.contains(QStringLiteral("&lt;b&gt;a &amp; b")), qPrintable(shown));
        line.setMessage(MessageLine::Kind::Warning, QStringLiteral("Not recommended."),
                        QStringLiteral("With * anyone can read."));
        QCOMPARE(line.text(), QStringLiteral("With * anyone can read. Not recommended."));
    }

    void aMessagesButtonIsThereOnlyWithAText()
    {
        MessageLine line(MessageLine::Kind::Warning, QStringLiteral("text"));
        QVERIFY(line.button()->isHidden());
        line.setButton(QStringLiteral("Remove"));
        QVERIFY(!line.button()->isHidden());
        QSignalSpy clicked(&line, &MessageLine::buttonClicked);
        line.button()->click();
        QCOMPARE(clicked.size(), 1);
        line.setButton({});
        QVERIFY(line.button()->isHidden());
    }

    void anErrorLineHidesWhenThereIsNone()
    {
        MessageLine line;
        line.setError(QStringLiteral("Line 5, column 33: expected “)”."));
        QVERIFY(!line.isHidden());
        line.setError({});
        QVERIFY(line.isHidden());
    }

    void aLinesTintFollowsTheScheme()
    {
        MessageLine line(MessageLine::Kind::Error, QStringLiteral("text"));
        line.resize(400, 40);
        line.show();
        const QPoint point(4, 20);
        QCOMPARE(line.grab().toImage().pixelColor(point), lightExtras().dangerBg);
        applyLook(*qApp, Scheme::Dark);
        QTRY_COMPARE(line.grab().toImage().pixelColor(point), darkExtras().dangerBg);
    }

    void anUntintedErrorIsWrittenInItsColour()
    {
        MessageLine line(MessageLine::Kind::Error, QStringLiteral("text"));
        line.setTinted(false);
        line.show();
        QCOMPARE(line.findChild<QLabel*>()->palette().color(QPalette::WindowText), lightExtras().danger);
        applyLook(*qApp, Scheme::Dark);
        QTRY_COMPARE(line.findChild<QLabel*>()->palette().color(QPalette::WindowText), darkExtras().danger);
        QCOMPARE(line.findChild<QLabel*>()->palette().color(QPalette::Window), darkPalette().color(QPalette::Window));
    }

    void anEmptyPagesButtonIsItsAction()
    {
        QAction action(QStringLiteral("New endpoint"));
        QSignalSpy triggered(&action, &QAction::triggered);
        EmptyPage page(QStringLiteral("endpoints"), QStringLiteral("No endpoints yet"),
                       QStringLiteral("An endpoint serves an output."));
        QVERIFY(page.button()->isHidden());
        page.setAction(&action);
        QVERIFY(!page.button()->isHidden());
        QVERIFY(page.button()->isDefault());
        page.button()->click();
        QCOMPARE(triggered.size(), 1);
        setAllowed(&action, false, QStringLiteral("Requires Editor or Admin role."));
        QVERIFY(!page.button()->isEnabled());
        QCOMPARE(page.button()->toolTip(), QStringLiteral("Requires Editor or Admin role."));
        QCOMPARE(page.button()->accessibleDescription(), QStringLiteral("Requires Editor or Admin role."));
        page.setAction(nullptr);
        QVERIFY(page.button()->isHidden());
    }

    void escapeClearsTheFilterAndThenGoesOn()
    {
        QWidget dialog;
        FilterBox box(QStringLiteral("Filter endpoints"), &dialog);
        QCOMPARE(box.accessibleName(), QStringLiteral("Filter endpoints"));
        box.setText(QStringLiteral("seattle"));
        QKeyEvent first(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
        QCoreApplication::sendEvent(&box, &first);
        QCOMPARE(box.text(), QString());
        QVERIFY(first.isAccepted());
        QKeyEvent second(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
        QCoreApplication::sendEvent(&box, &second);
        QVERIFY(!second.isAccepted());
    }

    void aPageIsReadOutWithItsCount()
    {
        NavigationList list;
        const int row = list.addPage(QStringLiteral("endpoints"), QStringLiteral("Endpoints"));
        QCOMPARE(list.addPage(QStringLiteral("cors"), QStringLiteral("CORS")), 1);
        QCOMPARE(list.currentRow(), 0);
        list.setPageCount(row, 14);
        QCOMPARE(list.item(row)->data(Qt::AccessibleTextRole).toString(), QStringLiteral("Endpoints, 14"));
        list.setPageCount(row, std::nullopt);
        QCOMPARE(list.item(row)->data(Qt::AccessibleTextRole).toString(), QStringLiteral("Endpoints"));
        QCOMPARE(list.width(), 184);
        QCOMPARE(list.visualItemRect(list.item(0)).height(), 32);
    }
};

QTEST_MAIN(TestLookWidgets)
#include "tst_lookwidgets.moc"
