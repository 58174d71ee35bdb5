// A long table sorted and filtered: what it shows, and what stays chosen.
#include "ui/pages/rowsmodel.h"
#include "ui/pages/rowsproxy.h"

#include <QItemSelectionModel>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;

namespace {

struct Table {
    RowsModel model{{{QStringLiteral("Name")}, {QStringLiteral("Count"), CellKind::Number}}};
    RowsProxy proxy;

    Table() { proxy.setSourceModel(&model); }

    void show(const QStringList& names)
    {
        std::vector<TableRow> rows;
        for (const QString& name : names) {
            const int count = name.section(u'=', 1).toInt();
            const QString text = name.section(u'=', 0, 0);
            rows.push_back({text, {{text}, {QString::number(count), count}}});
        }
        model.setRows(std::move(rows));
    }
    /// The first column, from top to bottom.
    QString text() const
    {
        QStringList names;
        for (int row = 0; row < proxy.rowCount(); ++row)
            names << proxy.index(row, 0).data().toString();
        return names.join(u' ');
    }
};

} // namespace

class TestRowsProxy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsAreInTheOrderOfTheirColumn_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<Qt::SortOrder>("order");
        QTest::addColumn<QString>("text");
        QTest::newRow("texts whatever their case") << 0 << Qt::AscendingOrder << "apple Banana cherry";
        QTest::newRow("texts from the end") << 0 << Qt::DescendingOrder << "cherry Banana apple";
        QTest::newRow("numbers by their value") << 1 << Qt::AscendingOrder << "Banana cherry apple";
    }
    void rowsAreInTheOrderOfTheirColumn()
    {
        QFETCH(int, column);
        QFETCH(Qt::SortOrder, order);
        Table table;
        table.show({QStringLiteral("cherry=9"), QStringLiteral("apple=10"), QStringLiteral("Banana=2")});
        table.proxy.sort(column, order);
        QTEST(table.text(), "text");
    }

    void aTextOfAnyColumnIsFound_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing typed") << QString() << "apple Banana cherry";
        QTest::newRow("another case") << "BAN"
                                      << "Banana";
        QTest::newRow("of the second column") << "10"
                                              << "apple";
        QTest::newRow("not across columns") << "apple1" << QString();
        QTest::newRow("what looks like a pattern") << ".*" << QString();
    }
    void aTextOfAnyColumnIsFound()
    {
        QFETCH(QString, typed);
        Table table;
        table.show({QStringLiteral("cherry=9"), QStringLiteral("apple=10"), QStringLiteral("Banana=2")});
        table.proxy.sort(0);
        table.proxy.setText(typed);
        QTEST(table.text(), "text");
    }

    void aRowThatChangesMovesToItsPlace()
    {
        Table table;
        table.show({QStringLiteral("a=1"), QStringLiteral("b=2"), QStringLiteral("c=3")});
        table.proxy.sort(1);
        table.show({QStringLiteral("a=5"), QStringLiteral("b=2"), QStringLiteral("c=3"), QStringLiteral("d=4")});
        QCOMPARE(table.text(), QStringLiteral("b c d a"));
        table.proxy.setText(QStringLiteral("5"));
        QCOMPARE(table.text(), QStringLiteral("a"));
        table.show({QStringLiteral("a=6"), QStringLiteral("c=5")});
        QCOMPARE(table.text(), QStringLiteral("c"));
    }

    void aLongListIsInTheOrderOfAShortOne_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("column");
        QTest::newRow("texts that begin alike") << "the same beginning, %1" << 0;
        QTest::newRow("texts that differ at once") << "%1 and then" << 0;
        QTest::newRow("texts of which some are the beginning of others") << "a%1" << 0;
        QTest::newRow("numbers, some of them below zero") << "row %1" << 1;
    }
    void aLongListIsInTheOrderOfAShortOne()
    {
        QFETCH(QString, pattern);
        QFETCH(int, column);
        Table table;
        QStringList names;
        for (int i = 0; i < 3000; ++i)
            names << pattern.arg(i * 7919 % 3000) + u'=' + QString::number(i * 31 % 3000 - 1500);
        table.show(names);
        table.proxy.sort(column);
        const auto isInOrder = [&] {
            for (int row = 1; row < table.proxy.rowCount(); ++row) {
                const QString before = table.proxy.index(row - 1, column).data().toString();
                const QString after = table.proxy.index(row, column).data().toString();
                if (column == 0 ? before > after : before.toInt() > after.toInt())
                    return false;
            }
            return true;
        };
        QCOMPARE(table.proxy.rowCount(), 3000);
        QVERIFY(isInOrder());
        // One row that changes moves to its place among all the others, and a filter keeps the order.
        names[17] = names[17].section(u'=', 0, 0) + QStringLiteral("=2000");
        names.removeAt(1);
        table.show(names);
        QVERIFY(isInOrder());
        table.proxy.setText(QStringLiteral("1"));
        QVERIFY(isInOrder() && table.proxy.rowCount() < 3000);
        table.proxy.sort(column, Qt::DescendingOrder);
        table.proxy.sort(column, Qt::AscendingOrder);
        QVERIFY(isInOrder());
    }

    void whatChangesWhileRowsAreReadAheadIsFound_data()
    {
        QTest::addColumn<int>("turns");
        QTest::newRow("nothing was read yet") << 0;
        QTest::newRow("some was read") << 1;
        QTest::newRow("all was read") << 4;
    }
    void whatChangesWhileRowsAreReadAheadIsFound()
    {
        QFETCH(int, turns);
        Table table;
        QStringList names;
        for (int i = 0; i < 5000; ++i)
            names << QStringLiteral("row-%1=0").arg(i);
        table.show(names);
        table.proxy.prepare();
        for (int turn = 0; turn < turns; ++turn)
            QCoreApplication::processEvents();
        names[10] = QStringLiteral("row-10=7777");
        names[4000] = QStringLiteral("row-4000=7777");
        table.show(names);
        table.proxy.setText(QStringLiteral("7777"));
        QCOMPARE(table.text(), QStringLiteral("row-10 row-4000"));
        names.removeAt(10);
        table.show(names);
        QCOMPARE(table.text(), QStringLiteral("row-4000"));
    }

    void whatIsChosenInALongListStaysChosen()
    {
        Table table;
        QStringList names;
        for (int i = 0; i < 3000; ++i)
            names << QStringLiteral("row-%1=%2").arg(i, 4, 10, QLatin1Char('0')).arg((i * 7) % 3000);
        table.show(names);
        table.proxy.sort(1);
        QItemSelectionModel chosen(&table.proxy);
        chosen.select(table.proxy.index(7, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const QString before = chosen.selectedRows().first().data().toString();
        table.proxy.setText(QStringLiteral("row-0"));
        QCOMPARE(table.proxy.rowCount(), 1000);
        table.proxy.setText(before);
        QCOMPARE(table.text(), before);
        table.proxy.setText({});
        QCOMPARE(table.proxy.rowCount(), 3000);
        QCOMPARE(table.proxy.index(7, 0).data().toString(), before);
    }
};

QTEST_GUILESS_MAIN(TestRowsProxy)
#include "tst_rowsproxy.moc"
