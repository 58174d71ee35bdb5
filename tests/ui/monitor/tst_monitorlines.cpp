// The lines of the page: where they are drawn, how they look, what bad items do to them, and that no digit is lost on the way
// out.
#include "tests/ui/monitor/monitorfixture.h"
#include "ui/monitor/alarmsmodel.h"
#include "ui/monitor/linedrag.h"
#include "ui/monitor/measurepanel.h"
#include "ui/monitor/monitoractions.h"
#include "ui/monitor/valuesexport.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QMenu>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTreeView>

using namespace iotman;
using namespace iotman::test;

namespace {

QStringList titles(const MonitorPage& page)
{
    QStringList panes;
    for (const MonitorPane& pane : page.layout().panes) {
        QStringList names;
        for (const LineKey& key : pane.lines)
            names.append(QString::fromStdString(key.path));
        panes.append(names.join(u' '));
    }
    return panes;
}

void drop(ChartBoard& board, const QMimeData& data, QPoint at)
{
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&board, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&board, &event);
}

} // namespace

class TestMonitorLines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFieldIsDrawnWhereItIsDropped_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<double>("height");
        QTest::addColumn<QStringList>("panes");
        QTest::newRow("a new field, onto the first pane") << QStringLiteral("sky") << 0.2 << texts({"celsius sky", "on"});
        QTest::newRow("a new field, onto the second pane") << QStringLiteral("sky") << 0.7 << texts({"celsius", "on sky"});
        QTest::newRow("a new field, below all panes") << QStringLiteral("sky") << 0.99 << texts({"celsius", "on", "sky"});
        QTest::newRow("a field that is drawn, onto another pane") << QStringLiteral("on") << 0.2 << texts({"celsius on"});
        QTest::newRow("a field that is drawn, onto its own pane") << QStringLiteral("on") << 0.7 << texts({"celsius", "on"});
        QTest::newRow("a field that is alone, below all panes") << QStringLiteral("celsius") << 0.99 << texts({"on", "celsius"});
    }
    void aFieldIsDrawnWhereItIsDropped()
    {
        QFETCH(QString, field);
        QFETCH(double, height);
        QFETCH(QStringList, panes);
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_COMPARE(titles(f.page), (texts({"celsius", "on"})));
        FieldsModel& fields = *f.page.fields();
        const QModelIndex endpoint = fields.indexOf(f.id);
        QModelIndex dragged;
        for (int row = 0; row < fields.rowCount(endpoint); ++row)
            if (fields.index(row, 0, endpoint).data().toString() == field)
                dragged = fields.index(row, 0, endpoint);
        QVERIFY(fields.flags(dragged).testFlag(Qt::ItemIsDragEnabled));
        QVERIFY(f.page.fieldsPanel()->tree()->dragEnabled());
        const std::unique_ptr<QMimeData> data(fields.mimeData({dragged}));
        ChartBoard& board = *f.page.board();
        drop(board, *data, {board.width() / 2, static_cast<int>(height * board.height())});
        QCOMPARE(titles(f.page), panes);
    }

    void theKeyboardDrawsAFieldInANewPaneToo()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_COMPARE(titles(f.page), (texts({"celsius", "on"})));
        QMenu menu;
        Q_EMIT f.page.fieldsPanel()->menuWanted(f.id, LineKey{f.id, "sky", ""}, &menu);
        QStringList offered;
        for (QAction* action : menu.actions()) {
            offered.append(action->text());
            if (action->text() == QStringLiteral("Draw in a new pane"))
                action->trigger();
        }
        QVERIFY2(offered.contains(QStringLiteral("Draw in a new pane")), qPrintable(offered.join(u',')));
        QCOMPARE(titles(f.page), (texts({"celsius", "on", "sky"})));
    }

    void somethingElseCannotBeDropped()
    {
        Fixture f;
        f.show();
        QMimeData data;
        data.setText(QStringLiteral("celsius"));
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        enter.ignore();
        QApplication::sendEvent(f.page.board(), &enter);
        QVERIFY(!enter.isAccepted());
        QCOMPARE(DraggedLines::from("[1, {}, {\"endpoint\":\"no id\"}, null"), DraggedLines());
    }

    void whatIsUntickedStaysOff_data()
    {
        using Bring = void (*)(Fixture&);
        QTest::addColumn<Bring>("bring");
        QTest::newRow("drawn by itself") << Bring([](Fixture&) {});
        QTest::newRow("brought back by undo") << Bring([](Fixture& f) {
            f.untick("celsius");
            QTRY_VERIFY(f.page.monitorActions()->undo->isEnabled());
            f.page.monitorActions()->undo->trigger();
        });
        QTest::newRow("of a layout that was opened") << Bring([](Fixture& f) { f.page.setLayout(f.page.layout()); });
        QTest::newRow("read anew after it was brought back") << Bring([](Fixture& f) {
            f.page.setLayout(f.page.layout());
            f.feed()->start(f.feed()->series()->rule());
        });
    }
    void whatIsUntickedStaysOff()
    {
        using Bring = void (*)(Fixture&);
        QFETCH(Bring, bring);
        Fixture f;
        f.addHistory(60);
        QSignalSpy told(&f.page, &MonitorPage::layoutChanged);
        f.show();
        QTRY_VERIFY(f.isLive() && told.count() > 0);
        QCOMPARE(f.ticked(), texts({"celsius", "on"}));
        bring(f);
        QTRY_VERIFY(f.isLive());
        QTRY_COMPARE(f.ticked(), texts({"celsius", "on"}));
        f.untick("celsius");
        f.endpoint.arrive({now + 1, "{\"celsius\":30,\"on\":true}"});
        QTRY_COMPARE(f.samples("on"), std::size_t{61});
        QCOMPARE(f.ticked(), texts({"on"}));
        f.feed()->start(f.feed()->series()->rule());
        QTRY_COMPARE(f.samples("on"), std::size_t{60}); // the history alone
        QCOMPARE(f.ticked(), texts({"on"}));
    }

    void aLayoutDrawsNothingOfTheOneBefore()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_VERIFY(f.isLive());
        MonitorLayout layout = f.page.layout();
        layout.panes = {{{}, {{f.id, "celsius", ""}, {f.id, "later", ""}}, {}}};
        f.page.setLayout(layout);
        QCOMPARE(f.ticked(), texts({"celsius"}));
        layout.panes = {{{}, {{f.id, "sky", ""}}, {}}};
        f.page.setLayout(layout);
        QCOMPARE(f.ticked(), texts({"sky"}));
        f.endpoint.arrive({now + 1, "{\"celsius\":30,\"later\":1,\"sky\":\"sun\"}"});
        QTRY_COMPARE(f.samples("sky"), std::size_t{61});
        QCOMPARE(f.ticked(), texts({"sky"}));
    }

    void anEndpointPlotsByItselfOnlyOnce()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_COMPARE(f.ticked(), texts({"celsius", "on"}));
        f.page.fields()->untickAll(f.id);
        Q_EMIT f.page.fieldsPanel()->collapsed(f.id);
        QVERIFY(!f.feed());
        f.page.fields()->fetchMore(f.page.fields()->indexOf(f.id)); // its row is opened
        QTRY_VERIFY(f.isLive());
        QVERIFY(f.ticked().isEmpty());
    }

    void aNameAndAStyleComeBackWithTheLayout()
    {
        MonitorLayout layout;
        const LineLook look{QStringLiteral("Kitchen"), 3, LineDash::Dotted, 2.5};
        {
            Fixture f;
            f.addHistory(100);
            f.show();
            QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
            f.page.setLook({f.id, "celsius", ""}, look);
            QCOMPARE(f.ticked().first(), QStringLiteral("celsius")); // the tree keeps the field's own name
            layout = f.page.layout();
        }
        QCOMPARE(*layoutFrom(layoutJson(layout)), layout);
        Fixture f;
        f.addHistory(100);
        f.page.setLayout(*layoutFrom(layoutJson(layout)));
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
        QCOMPARE(f.page.looks().of({f.id, "celsius", ""}), look);
        const TickedLine line = f.page.fields()->ticked().front();
        QCOMPARE(line.colorIndex, 3);
        QCOMPARE(f.page.series().info(line.series).name, std::string("Kitchen"));
        const QImage picture = f.page.board()->picture(1);
        const QRgb color = ChartColors::of(f.page.palette()).seriesColor(3).rgb();
        int pixels = 0;
        for (int y = 0; y < picture.height() / 2; ++y)
            for (int x = 0; x < picture.width(); ++x)
                pixels += picture.pixel(x, y) == color ? 1 : 0;
        QVERIFY(pixels > 200);
        f.page.setLook({f.id, "celsius", ""}, {});
        QCOMPARE(f.page.fields()->ticked().front().colorIndex, 0);
        QCOMPARE(f.page.series().info(line.series).name, std::string("celsius"));
    }

    void linesComeBackInTheirColours()
    {
        MonitorLayout layout;
        const QStringList expected = texts({"celsius 2", "on 1", "sky 0"});
        {
            Fixture f;
            f.addHistory(60);
            QSignalSpy told(&f.page, &MonitorPage::layoutChanged);
            f.show();
            QTRY_COMPARE(f.colors(), texts({"celsius 0", "on 1"}));
            QTRY_VERIFY(told.count() > 0);
            f.untick("celsius");
            f.page.fields()->tickLines(f.id, {{f.id, "sky", ""}});
            f.page.fields()->tickLines(f.id, {{f.id, "celsius", ""}});
            QCOMPARE(f.colors(), expected);
            told.clear();
            QTRY_VERIFY(told.count() > 0);
            layout = f.page.layout();
            f.untick("on");
            f.page.monitorActions()->undo->trigger();
            QCOMPARE(f.colors(), expected);
        }
        Fixture f;
        f.addHistory(60);
        f.page.setLayout(*layoutFrom(layoutJson(layout)));
        f.show();
        QTRY_COMPARE(f.colors(), expected);
        layout.colors.clear(); // as in a layout that was written by hand
        layout.panes = {{{}, {{f.id, "sky", ""}, {f.id, "on", ""}, {f.id, "celsius", ""}}, {}}};
        f.page.setLayout(layout);
        QTRY_COMPARE(f.colors(), texts({"celsius 2", "on 1", "sky 0"}));
    }

    void aPaneIsClosedByItsMenuToo()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_COMPARE(titles(f.page), (texts({"celsius", "on"})));
        QMenu menu;
        Q_EMIT f.page.board()->menuWanted(1, &menu);
        const QList<QAction*> actions = menu.actions();
        const auto close = std::find_if(actions.begin(), actions.end(),
                                        [](const QAction* each) { return each->text() == QStringLiteral("Close pane"); });
        QVERIFY(close != actions.end());
        (*close)->trigger();
        QCOMPARE(titles(f.page), texts({"celsius"}));
    }

    void whatCannotBeWrittenIsSaidInThePage()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        auto* message = f.page.findChild<MessageLine*>();
        QVERIFY(message->isHidden());
        Q_EMIT f.page.exporter()->failed(QStringLiteral("A picture's name ends with .png."));
        QVERIFY(message->isVisible());
        QCOMPARE(message->text(), QStringLiteral("A picture's name ends with .png."));
        Q_EMIT message->buttonClicked();
        QVERIFY(message->isHidden());
    }

    void badItemsAreNamedAndCountedAndTheRestIsDrawn_data()
    {
        QTest::addColumn<QByteArray>("item");
        QTest::addColumn<int>("time"); ///< seconds from now
        QTest::addColumn<int>("samples");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& item, int samples, const char* says, int time = 1) {
            QTest::newRow(name) << item << time << samples << QString::fromUtf8(says);
        };
        row("a null breaks the line and is no fault", "{\"celsius\":null}", 12, "");
        row("a number beyond all doubles", "{\"celsius\":1e400}", 12, "1 values that no chart can draw, first “celsius: 1e400”");
        row("one below all doubles", "{\"celsius\":-1e400}", 12, "1 values that no chart can draw, first “celsius: -1e400”");
        row("a text among numbers", "{\"celsius\":\"warm\"}", 12, "1 values that no chart can draw, first “celsius: warm”");
        row("no object", "5", 11, "");
        row("an array", "[1,2,3]", 11, "");
        row("another shape", "{\"deep\":{\"er\":[1,{\"x\":2}]}}", 11, "");
        row("a time that was before", "{\"celsius\":7}", 12, "1 items came late and were sorted in", -5);
        row("a time that was there", "{\"celsius\":7}", 12, "", -1);
        row("a clock that jumps back by years", "{\"celsius\":7}", 12, "1 items came late and were sorted in", -400'000'000);
        row("a name of many kinds", "{\"celsius\":7,\"a\\\"b\":1,\"\":2,\"\\u0000\":3}", 12, "");
        row("a name twice", "{\"celsius\":1,\"celsius\":7}", 12, "");
        row("a megabyte of text", "{\"celsius\":7,\"note\":\"" + QByteArray(1'000'000, 'x') + "\"}", 12, "");
    }
    void badItemsAreNamedAndCountedAndTheRestIsDrawn()
    {
        QFETCH(QByteArray, item);
        QFETCH(int, time);
        QFETCH(int, samples);
        QFETCH(QString, says);
        Fixture f;
        f.addHistory(10);
        f.show();
        QTRY_VERIFY(f.isLive());
        f.endpoint.arrive({now + time, item});
        f.endpoint.arrive({now + 2, "{\"celsius\":30}"});
        QTRY_COMPARE(f.samples("celsius"), static_cast<std::size_t>(samples));
        QCOMPARE(f.series("celsius")->last()->value, 30.0);
        QString tip;
        QTRY_VERIFY_WITH_TIMEOUT((tip.clear(),
                                  [&] {
                                      for (const QLabel* label : f.page.strip()->findChildren<QLabel*>())
                                          if (!label->isHidden() && label->toolTip().startsWith(QStringLiteral("Room: ")))
                                              tip = label->toolTip();
                                      return true;
                                  }()) &&
                                     (says.isEmpty() ? tip.isEmpty() : tip.contains(says)),
                                 5000);
    }

    void aMessageOfTenMegabytesEndsTheStreamAndIsSaid()
    {
        Fixture f;
        f.addHistory(10);
        f.show();
        QTRY_VERIFY(f.isLive());
        f.endpoint.arrive({now + 1, "{\"celsius\":7,\"note\":\"" + QByteArray(10'000'000, 'x') + "\"}"});
        QTRY_VERIFY_WITH_TIMEOUT(!f.isLive(), 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(!f.feed()->links().links().empty(), 10'000);
        QVERIFY(f.feed()->state().why && !f.feed()->state().why->detail.empty());
        QCOMPARE(f.samples("celsius"), std::size_t{10});
    }

    /// A file that begins later than what is seen says so.
    void whatIsOnlySummarisedIsMissingInAnExportAndSaid()
    {
        const auto set = std::make_shared<SeriesSet>();
        const SeriesId celsius = set->add({});
        for (int i = 0; i < 100'000; ++i)
            set->append(celsius, {i * second}, i);
        ChartBoard board;
        board.setSeries(set);
        ValuesExport exporter(set, board, nullptr);
        exporter.setLines(
            {{EndpointId{"room"}, celsius, 0, QStringLiteral("celsius"), {EndpointId{"room"}, "celsius", ""}, false}});
        QSignalSpy leftOut(&exporter, &ValuesExport::leftOut);
        QSignalSpy finished(&exporter, &ValuesExport::finished);
        QTemporaryDir folder;
        const auto save = [&] {
            finished.clear();
            QVERIFY(exporter.saveValues(folder.filePath(QStringLiteral("all.csv")), ValuesExport::Extent::All));
            QTRY_COMPARE(finished.count(), 1);
        };
        save();
        QCOMPARE(leftOut.count(), 0);
        set->setBudget(set->bytes() / 2);
        save();
        QCOMPARE(leftOut.count(), 1);
        QVERIFY(leftOut[0][0].toString().contains(QStringLiteral("only summaries")));
    }

    /// json-1: a chart may round, what is taken away from it must not.
    void valuesAreSavedAndCopiedWithTheDigitsOfTheItems()
    {
        Fixture f;
        f.endpoint.history = {{now - 3, R"({"celsius":-0.1234567890123456789})"}, {now - 2, R"({"celsius":9007199254740993})"}};
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{2});
        QTRY_VERIFY(f.isLive());
        f.endpoint.arrive({now - 1, R"({"celsius":123456789012345678901234567890})"});
        QTRY_COMPARE(f.samples("celsius"), std::size_t{3});
        f.page.monitorActions()->pause->trigger();
        f.page.chart()->setView({{{(now - 10) * second}, {(now + 10) * second}}, {}});
        const QByteArrayList digits{"-0.1234567890123456789", "9007199254740993", "123456789012345678901234567890"};

        const auto lastCells = [](const QByteArray& csv) {
            QByteArrayList cells;
            for (const QByteArray& line : csv.trimmed().split('\n').mid(1))
                cells.append(line.trimmed().split(',').last());
            return cells;
        };
        QTemporaryDir folder;
        const auto saved = [&](const QString& name) {
            QSignalSpy finished(f.page.exporter(), &ValuesExport::finished);
            const QString path = folder.filePath(name);
            if (!f.page.exporter()->saveValues(path, ValuesExport::Extent::All) || !finished.wait())
                return QByteArray();
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QCOMPARE(lastCells(saved(QStringLiteral("values.csv"))), digits);
        const QByteArray objects = saved(QStringLiteral("values.ndjson"));
        for (const QByteArray& number : digits)
            QVERIFY2(objects.contains(QByteArray("\"celsius\":" + number + "}\n")), objects.constData());

        f.page.exporter()->copyValues();
        QCOMPARE(lastCells(QApplication::clipboard()->text().toUtf8()), digits);
    }

    /// What is seen equals what the pages say for that time, to the digit.
    void zoomCursorAndExportAgreeWithThePages()
    {
        Fixture f;
        for (int i = 300; i > 0; --i)
            f.endpoint.history.push_back({now - i, "{\"celsius\":" + QByteArray::number(20 + std::sin(i) * 1e-3, 'g', 17) + "}"});
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{300});
        f.page.monitorActions()->pause->trigger();
        const TimeRange range{{(now - 120) * second}, {(now - 60) * second}};
        f.page.chart()->setView({range, {}});
        f.endpoint.arrive({now + 1, "{\"celsius\":99}"}); // live data changes nothing of it
        QTRY_COMPARE(f.samples("celsius"), std::size_t{301});
        QCOMPARE(f.page.chart()->view().time, range);

        // The same stretch as the API tells it; `to` is inclusive there.
        FakeRequest asked;
        asked.target = "/data/out/room?times=1&limit=1000&from=" + QByteArray::number(qint64(now - 120)) +
                       "&to=" + QByteArray::number(qint64(now - 61));
        const QJsonArray data = QJsonDocument::fromJson(f.server.answer(asked).body)[QStringLiteral("data")].toArray();
        QCOMPARE(data.size(), 60);
        std::vector<double> values;
        for (const QJsonValue& item : data)
            values.push_back(item[QStringLiteral("celsius")].toDouble());

        QTemporaryDir folder;
        QSignalSpy finished(f.page.exporter(), &ValuesExport::finished);
        QVERIFY(f.page.exporter()->saveValues(folder.filePath(QStringLiteral("seen.csv")), ValuesExport::Extent::Seen));
        QTRY_COMPARE(finished.count(), 1);
        QFile file(folder.filePath(QStringLiteral("seen.csv")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QList<QByteArray> lines = file.readAll().split('\n');
        lines.removeAll(QByteArray());
        QCOMPARE(lines.size(), 61);
        for (qsizetype i = 0; i < 60; ++i) // oldest first there, newest first here
            QCOMPARE(lines[60 - i].trimmed().split(',').last().toDouble(), values[static_cast<std::size_t>(i)]);

        f.page.monitorActions()->cursors->trigger();
        f.page.board()->link().setCursors(Cursors{{(now - 120) * second}, {(now - 61) * second}});
        const Statistics statistics = f.series("celsius")->statistics({{(now - 120) * second}, {(now - 61) * second + 1}});
        QCOMPARE(statistics.count, values.size());
        QCOMPARE(statistics.min, *std::min_element(values.begin(), values.end()));
        QCOMPARE(statistics.max, *std::max_element(values.begin(), values.end()));
        const QAbstractItemModel* table = f.page.measurePanel()->model();
        QTRY_COMPARE(table->index(0, MeasureModel::CountColumn).data().toString(), QStringLiteral("60"));
        QCOMPARE(table->index(0, MeasureModel::AColumn).data().toDouble(), values.back());
        QCOMPARE(table->index(0, MeasureModel::BColumn).data().toDouble(), values.front());
    }
};

QTEST_MAIN(TestMonitorLines)
#include "tst_monitorlines.moc"
