#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/look/tabledelegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>
#include <QtTest/QtTest>

using namespace iotman;

class TestTableDelegate : public QObject {
    Q_OBJECT

    QTableView* view_ = nullptr;
    QStandardItemModel* model_ = nullptr;
    TableDelegate* delegate_ = nullptr;
    enum Column { Name, Url, Access, Count };

    QModelIndex at(int row, int column) const { return model_->index(row, column); }
    QPoint copyAt(int row) const { return TableDelegate::copyRect(view_->visualRect(at(row, Url)), Qt::LeftToRight).center(); }
    QColor pixel(const QPoint& point) const { return view_->viewport()->grab().toImage().pixelColor(point); }
    void pointAt(const QPoint& point) const
    {
        QMouseEvent move(QEvent::MouseMove, point, view_->viewport()->mapToGlobal(point), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QCoreApplication::sendEvent(view_->viewport(), &move);
    }

private Q_SLOTS:
    void anUrlThatIsCutKeepsItsIdWhole_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("end");
        QTest::newRow("it fits") << 60 << QStringLiteral("http://127.0.0.1:8787/data/out/seattle-hourly");
        QTest::newRow("its beginning is cut") << 30 << QStringLiteral("\u2026/seattle-hourly");
        QTest::newRow("only the id has room") << 16 << QStringLiteral("\u2026/seattle-hourly");
    }
    void anUrlThatIsCutKeepsItsIdWhole()
    {
        QFETCH(int, width);
        QFETCH(QString, end);
        const QFontMetrics metrics(monospaceFont());
        const int room = metrics.horizontalAdvance(u'0') * width + 2;
        const QString shown = elidedUrl(QStringLiteral("http://127.0.0.1:8787/data/out/seattle-hourly"), metrics, room);
        QVERIFY2(shown.endsWith(end), qPrintable(shown));
        QVERIFY(metrics.horizontalAdvance(shown) <= room);
    }

    void anIdWithoutRoomIsCutInTheMiddle()
    {
        const QFontMetrics metrics(monospaceFont());
        const int room = metrics.horizontalAdvance(u'0') * 14;
        const QString shown = elidedUrl(QStringLiteral("http://h/data/out/1c9a5f0e-7b2d-4c56-9f01-07fc1f90ae7b"), metrics, room);
        QVERIFY2(shown.endsWith(QStringLiteral("ae7b")), qPrintable(shown));
        QVERIFY(metrics.horizontalAdvance(shown) <= room);
    }

    void init()
    {
        applyLook(*qApp, Scheme::Light);
        view_ = new QTableView;
        model_ = new QStandardItemModel(3, 4, view_);
        for (int row = 0; row < 3; ++row) {
            model_->setItem(row, Name, new QStandardItem(QStringLiteral("Row %1").arg(row)));
            model_->setItem(row, Url, new QStandardItem(QStringLiteral("http://127.0.0.1:8787/data/out/row-%1").arg(row)));
            auto* access = new QStandardItem;
            access->setData(QVariant::fromValue(BadgeSpec{BadgeKind::Public, QStringLiteral("Public")}), BadgeRole);
            model_->setItem(row, Access, access);
            model_->setItem(row, Count, new QStandardItem(QStringLiteral("%1").arg(row)));
        }
        delegate_ = prepareTable(view_);
        delegate_->setCellKind(Url, CellKind::Url);
        delegate_->setCellKind(Count, CellKind::Number);
        view_->setModel(model_);
        view_->setColumnWidth(Url, 200);
        view_->resize(640, 300);
        view_->show();
        QVERIFY(QTest::qWaitForWindowExposed(view_));
    }
    void cleanup() { delete view_; }

    void rowsAndHeaderHaveTheirHeights()
    {
        QCOMPARE(view_->rowHeight(0), metrics::rowHeight);
        QCOMPARE(view_->horizontalHeader()->height(), metrics::headerHeight);
        QVERIFY(!view_->showGrid());
        QTableView dense;
        prepareTable(&dense, RowSize::Dense);
        QCOMPARE(dense.verticalHeader()->defaultSectionSize(), metrics::denseRowHeight);
    }

    void aSelectedRowIsTintedWithABarAtItsStart()
    {
        view_->selectRow(1);
        const QRect first = view_->visualRect(at(1, Name));
        const bool active = view_->isActiveWindow();
        const Extras& e = lightExtras();
        QCOMPARE(pixel(first.topLeft() + QPoint(1, 4)), active ? e.accent : e.outline);
        QCOMPARE(pixel(first.topLeft() + QPoint(metrics::accentBarWidth + 1, 2)), active ? e.sel : e.selInactive);
        const QRect last = view_->visualRect(at(1, Count));
        QCOMPARE(pixel(QPoint(last.left() + 1, last.top() + 2)), active ? e.sel : e.selInactive);
        QCOMPARE(pixel(view_->visualRect(at(0, Name)).topLeft() + QPoint(1, 4)), view_->palette().color(QPalette::Base));
    }

    void theWholeRowUnderThePointerIsTinted()
    {
        pointAt(view_->visualRect(at(2, Name)).center());
        for (const int column : {Name, Url, Access, Count})
            QCOMPARE(pixel(view_->visualRect(at(2, column)).topLeft() + QPoint(4, 1)), lightExtras().hover);
        QCOMPARE(pixel(view_->visualRect(at(1, Name)).topLeft() + QPoint(4, 1)), view_->palette().color(QPalette::Base));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(view_->viewport(), &leave);
        QCOMPARE(pixel(view_->visualRect(at(2, Name)).topLeft() + QPoint(4, 1)), view_->palette().color(QPalette::Base));
    }

    void theCopyButtonCopiesTheWholeText()
    {
        QSignalSpy copied(delegate_, &TableDelegate::copied);
        pointAt(copyAt(1));
        QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, copyAt(1));
        QCOMPARE(copied.size(), 1);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:8787/data/out/row-1"));
    }

    void aModelMaySayWhatIsCopied()
    {
        model_->setData(at(0, Url), QStringLiteral("something else"), CopyRole);
        QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, copyAt(0));
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("something else"));
    }

    void aClickBesideTheButtonCopiesNothing()
    {
        QSignalSpy copied(delegate_, &TableDelegate::copied);
        QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, view_->visualRect(at(1, Url)).center() - QPoint(40, 0));
        QTest::mouseClick(view_->viewport(), Qt::LeftButton, {}, view_->visualRect(at(1, Name)).center());
        QCOMPARE(copied.size(), 0);
    }

    void aBadgeIsPaintedOnItsTint()
    {
        const QRect cell = view_->visualRect(at(0, Access));
        QCOMPARE(pixel(QPoint(cell.left() + metrics::smallSpace + 3, cell.center().y())), lightExtras().publicAccessBg);
    }

    void theColumnIsWideEnoughForItsContents()
    {
        view_->resizeColumnToContents(Url);
        const QFontMetrics text(view_->font());
        QVERIFY(view_->columnWidth(Url) >= delegate_->sizeHint(QStyleOptionViewItem(), at(0, Url)).width());
        QStyleOptionViewItem option;
        option.initFrom(view_);
        const int badge = delegate_->sizeHint(option, at(0, Access)).width();
        QCOMPARE(badge, badgeSize({BadgeKind::Public, QStringLiteral("Public")}, view_->font()).width() + metrics::smallSpace +
                            metrics::mediumSpace);
    }

    void rowsGrowWithTheFont_data()
    {
        QTest::addColumn<int>("points");
        for (const int points : {9, 12, 16, 20})
            QTest::addRow("%d pt", points) << points;
    }
    void rowsGrowWithTheFont()
    {
        QFETCH(int, points);
        QTableView view;
        QFont font = view.font();
        font.setPointSize(points);
        view.setFont(font);
        prepareTable(&view);
        QVERIFY(view.verticalHeader()->defaultSectionSize() >= QFontMetrics(font).height());
    }
};

QTEST_MAIN(TestTableDelegate)
#include "tst_tabledelegate.moc"
