// The description of the workspace's API: what is shown, found, copied and saved, and what happens where there is none.
#include "tests/ui/pages/surfaces.h"
#include "tests/ui/pages/turns.h"
#include "ui/look/filterbox.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/pages/apidialog.h"
#include "ui/pages/gotobox.h"

#include <QtTest/QtTest>
#include <QtWidgets>

using namespace iotman;
using namespace iotman::ui;

namespace {

using client::FakeAnswer;
using client::FakeRequest;

/// The dialog of a desk, opened as people do.
ApiDialog* opened(Desk& desk)
{
    triggerInMenus(*desk.window, QStringLiteral("API description"));
    return desk.dialog<ApiDialog>();
}

/// Its places come last.
bool isShown(const ApiDialog& dialog)
{
    return QTest::qWaitFor([&] { return dialog.places()->topLevelItemCount() > 0; }, 60'000);
}

/// `Paths: /a GET, /b GET POST; Schemas: …` of what can be seen in the tree.
QString treeOf(const QTreeWidget& tree)
{
    QStringList groups;
    for (int at = 0; at < tree.topLevelItemCount(); ++at) {
        const QTreeWidgetItem* group = tree.topLevelItem(at);
        QStringList names;
        for (int row = 0; row < group->childCount(); ++row)
            names << QString(group->child(row)->text(0) + u' ' + group->child(row)->text(1)).trimmed();
        if (!group->isHidden())
            groups << QString(group->text(0) + u": " + names.join(QStringLiteral(", ")));
    }
    return groups.join(QStringLiteral("; "));
}

/// The text of each place's line.
QString linesOf(const ApiText& api)
{
    const QStringList lines = QString::fromStdString(api.text).split(u'\n');
    QStringList found;
    for (const ApiPlace& place : api.places)
        found << lines.value(place.line).trimmed();
    return found.join(u'|');
}

} // namespace

class TestApiDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesAreTheLinesOfPathsAndSchemas_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QString>("lines");
        QTest::newRow("nothing in it") << QByteArray("{'openapi':'3.1.0'}") << QString();
        QTest::newRow("a path after what is empty, listed and nested")
            << QByteArray("{'openapi':'3.1.0','a':{},'b':[],'c':[1,[2,{}],{'d':null}],'paths':{'/x':{'get':{}},'/y':{}}}")
            << QStringLiteral("\"/x\": {|\"/y\": {}");
        QTest::newRow("schemas after other components, before paths")
            << QByteArray("{'openapi':'3.1.0','components':{'responses':{'A':{}},'schemas':{'S':{'type':'object'},'T':true}},"
                          "'paths':{'/x':{}}}")
            << QStringLiteral("\"/x\": {}|\"S\": {|\"T\": true");
        QTest::newRow("names that need escapes, and texts that look like paths")
            << QByteArray("{'openapi':'3.1.0','info':{'title':'a\\nb','paths':{'/no':{}}},'paths':{'/\\\\x':{'get':{}}}}")
            << QStringLiteral("\"/\\\\x\": {");
        QTest::newRow("paths that are no object") << QByteArray("{'openapi':'3.1.0','paths':[1],'components':7}") << QString();
    }
    void placesAreTheLinesOfPathsAndSchemas()
    {
        QFETCH(QByteArray, document);
        const auto api = apiTextFrom(document.replace('\'', '"').toStdString());
        QVERIFY(api);
        QTEST(linesOf(*api), "lines");
        QCOMPARE(*parseJson(api->text), *parseJson(document.toStdString()));
    }

    void methodsAreNamedAsHttpNamesThem()
    {
        const auto api = apiTextFrom(R"({"openapi":"3.1.0","paths":{"/x":{"summary":"s","get":{},"post":{},"parameters":[]}}})");
        QVERIFY(api);
        QCOMPARE(api->places.front().methods, std::string("GET, POST"));
    }

    void whatIsNoDescriptionIsRefused_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::newRow("no JSON") << QByteArray("<p>hello");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("another object") << QByteArray("{\"swagger\":\"2.0\"}");
        QTest::newRow("a version that is no text") << QByteArray("{\"openapi\":3}");
    }
    void whatIsNoDescriptionIsRefused()
    {
        QFETCH(QByteArray, document);
        QVERIFY(!apiTextFrom(document.toStdString()));
    }

    void everyRoleSeesTheWholeWorkspace_data()
    {
        QTest::addColumn<Role>("role");
        QTest::newRow("viewer") << Role::Viewer;
        QTest::newRow("admin") << Role::Admin;
    }
    void everyRoleSeesTheWholeWorkspace()
    {
        QFETCH(Role, role);
        Desk desk(role);
        QVERIFY(desk.loaded());
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog && isShown(*dialog));
        QCOMPARE(treeOf(*dialog->places()), QStringLiteral("Paths: /data/out/seattle GET, /data/out/new-york GET; "
                                                           "Schemas: seattle.Item, new-york.Item"));
        QVERIFY(dialog->text()->isReadOnly());
        QVERIFY(dialog->text()->toPlainText().startsWith(QStringLiteral("{\n  \"openapi\": \"3.1.0\",\n")));
        QVERIFY(!dialog->message()->isVisible());
    }

    void itIsFoundByItsName()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        auto* box = desk.window->findChild<GotoBox*>();
        QFocusEvent focus(QEvent::FocusIn, Qt::ShortcutFocusReason);
        QApplication::sendEvent(box, &focus);
        QTest::keyClicks(box, QStringLiteral("api desc"));
        QTest::keyClick(box, Qt::Key_Return);
        QVERIFY(desk.dialog<ApiDialog>());
    }

    void thePlaceThatIsChosenIsTheOneToRead()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog && isShown(*dialog));
        dialog->places()->setFocus();
        dialog->places()->setCurrentItem(dialog->places()->topLevelItem(0));
        QTest::keyClick(dialog->places(), Qt::Key_Down);
        QTest::keyClick(dialog->places(), Qt::Key_Down);
        QCOMPARE(dialog->text()->textCursor().selectedText().trimmed(), QStringLiteral("\"/data/out/new-york\": {"));
    }

    void whatIsSearchedIsFoundRoundAndRound()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog && isShown(*dialog));
        const auto place = [&] { return dialog->text()->textCursor().position(); };
        const auto selected = [&] { return dialog->text()->textCursor().selectedText(); };
        dialog->searched()->setText(QStringLiteral("OPERATIONID"));
        QTRY_COMPARE(selected(), QStringLiteral("operationId"));
        QCOMPARE(dialog->text()->extraSelections().size(), 2);
        const int first = place();
        QTest::keyClick(dialog->searched(), Qt::Key_Return);
        QTRY_VERIFY(place() > first);
        QTest::keyClick(dialog->searched(), Qt::Key_Return);
        QTRY_COMPARE(place(), first);
        QTest::keyClick(dialog, Qt::Key_F3, Qt::ShiftModifier);
        QTRY_VERIFY(place() > first);
        dialog->searched()->setText(QStringLiteral("no such word"));
        QTRY_VERIFY(isFaulty(dialog->searched()));
        QVERIFY(dialog->text()->extraSelections().isEmpty());
        dialog->searched()->clear();
        QVERIFY(!isFaulty(dialog->searched()));
        QVERIFY(dialog->isVisible());
    }

    void aSearchGoesRoundTheEnds_data()
    {
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::addColumn<SearchDirection>("direction");
        QTest::addColumn<bool>("again");
        QTest::addColumn<int>("next");
        const auto forward = SearchDirection::Forward, back = SearchDirection::Back;
        // "ab AB ab": at 0, 3, 6
        QTest::newRow("while typing it stays") << 3 << 5 << forward << false << 3;
        QTest::newRow("on") << 3 << 5 << forward << true << 6;
        QTest::newRow("on, past the end") << 6 << 8 << forward << true << 0;
        QTest::newRow("back") << 3 << 5 << back << true << 0;
        QTest::newRow("back, past the start") << 0 << 2 << back << true << 6;
    }
    void aSearchGoesRoundTheEnds()
    {
        QFETCH(int, begin);
        QFETCH(int, end);
        QFETCH(SearchDirection, direction);
        QFETCH(bool, again);
        QTEST(static_cast<int>(nextPosition(QStringLiteral("aB"), QStringLiteral("ab AB ab"), begin, end, direction, again)), "next");
        QCOMPARE(nextPosition(QStringLiteral("x"), QStringLiteral("ab"), 0, 0, direction, again), qsizetype(-1));
        QCOMPARE(nextPosition({}, QStringLiteral("ab"), 0, 0, direction, again), qsizetype(-1));
    }

    void partsEndWithLinesAndAreTheWhole()
    {
        const QString line = QString(999, u'x') + u'\n';
        for (const int lines : {0, 1, 100, 101, 250}) {
            const TextParts parts(line.repeated(lines));
            QString whole;
            for (int part = 0; part < parts.count(); ++part) {
                QCOMPARE(parts.begin(part), whole.size());
                QCOMPARE(parts.partAt(whole.size()), part);
                whole += parts.part(part);
                QVERIFY(whole.isEmpty() || whole.endsWith(u'\n'));
                QCOMPARE(parts.partAt(std::max<qsizetype>(whole.size() - 1, 0)), part);
            }
            QCOMPARE(whole, parts.whole());
            QCOMPARE(parts.count(), std::max(1, (lines + 99) / 100));
        }
        QCOMPARE(TextParts(QString(500'000, u'x')).count(), 1); // no line ends in it
    }

    /// More members than an object of the program's own may have, and twenty megabytes.
    void aLongDescriptionNeverHoldsTheWindowUp()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        constexpr int endpoints = 10'000;
        QByteArray paths, schemas;
        for (int n = 0; n < endpoints; ++n) {
            const QByteArray id = "e" + QByteArray::number(n);
            paths += (n ? ",\"/data/out/" : "\"/data/out/") + id + "\":{\"get\":{\"operationId\":\"" + id + "\",\"description\":\"" +
                     QByteArray(1'100, 'd') + "\"}}";
            schemas += (n ? ",\"" : "\"") + id + "\":{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"description\":\"" +
                       QByteArray(800, 's') + "\"}";
        }
        const QByteArray whole =
            "{\"openapi\":\"3.1.0\",\"paths\":{" + paths + "},\"components\":{\"schemas\":{" + schemas + "}}}";
        QVERIFY(whole.size() > 20'000'000);
        bool isLong = true;
        desk.workspace.server.answer = [&, others = desk.workspace.server.answer](const FakeRequest& request) {
            if (request.path() != "/openapi.json" || !isLong)
                return others(request);
            return FakeAnswer{200, whole, "application/json", {}, false, {}};
        };
        test::LongestTurn turns;
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog);
        turns.take();
        QVERIFY(isShown(*dialog));
        qInfo("showing it took %.0f ms of the processor at a stretch", turns.take());
        QCOMPARE(dialog->places()->topLevelItem(0)->childCount(), endpoints);
        QCOMPARE(dialog->places()->topLevelItem(1)->childCount(), endpoints);
        turns.take();
        dialog->places()->setCurrentItem(dialog->places()->topLevelItem(1)->child(endpoints - 1));
        QCOMPARE(dialog->text()->textCursor().selectedText().trimmed(), QStringLiteral("\"e9999\": {"));
        QCoreApplication::processEvents();
        qInfo("going to its last place took %.0f ms", turns.take());
        QVERIFY(dialog->parts()->isVisible());
        const auto selected = [&] { return dialog->text()->textCursor().selectedText(); };
        dialog->searched()->setText(QStringLiteral("\"e5000\""));
        QTRY_COMPARE_WITH_TIMEOUT(selected(), QStringLiteral("\"e5000\""), 20'000); // round the end
        QVERIFY(dialog->text()->extraSelections().size() > 0);
        dialog->searched()->setText(QStringLiteral("nowhere"));
        QTRY_VERIFY_WITH_TIMEOUT(isFaulty(dialog->searched()), 20'000);
        qInfo("searching it took %.0f ms", turns.take());
        dialog->copyButton()->click();
        QVERIFY(QApplication::clipboard()->text().size() > whole.size());
        turns.take();
        const QString path = desk.folder.filePath(QStringLiteral("openapi.json"));
        dialog->saveTo(path);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->message()->isVisible() && dialog->message()->text().contains(path), 20'000);
        qInfo("saving it took %.0f ms", turns.take());
        QVERIFY(QFileInfo(path).size() > whole.size());
        // Another one takes its place.
        isLong = false;
        dialog->reloadButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog->places()->topLevelItemCount() == 2 ? dialog->places()->topLevelItem(0)->childCount() : 0, 2, 60'000);
        QVERIFY(!dialog->parts()->isVisible());
        qInfo("another one in its place took %.0f ms", turns.take());
        QVERIFY(dialog->text()->toPlainText().startsWith(QStringLiteral("{\n  \"openapi\"")));
    }

    void copiedAndSavedItIsWhatIsShown()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog);
        QVERIFY(!dialog->copyButton()->isEnabled() && !dialog->saveButton()->isEnabled());
        QVERIFY(isShown(*dialog));
        dialog->copyButton()->click();
        QCOMPARE(QApplication::clipboard()->text(), dialog->text()->toPlainText());
        const QString path = desk.folder.filePath(QStringLiteral("openapi.json"));
        dialog->saveTo(path);
        QTRY_VERIFY(dialog->message()->text().contains(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), dialog->text()->toPlainText());
        dialog->saveTo(desk.folder.filePath(QStringLiteral("no/such/folder.json")));
        QTRY_COMPARE(dialog->message()->kind(), MessageLine::Kind::Error);
        QVERIFY(dialog->message()->isVisible());
    }

    void aRefusalIsToldAndCanBeTriedAgain_data()
    {
        QTest::addColumn<FakeAnswer>("answer");
        QTest::addColumn<QString>("told");
        QTest::newRow("the server's own sentence")
            << FakeAnswer{503, "{\"detail\":\"Not now.\"}", "application/problem+json", {}, false, {}}
            << QStringLiteral("Not now.");
        QTest::newRow("something that is no description")
            << FakeAnswer{200, "<p>hello", "text/html", {}, false, {}} << QStringLiteral("Expected an OpenAPI description");
    }
    void aRefusalIsToldAndCanBeTriedAgain()
    {
        QFETCH(FakeAnswer, answer);
        QFETCH(QString, told);
        Desk desk;
        QVERIFY(desk.loaded());
        bool isRefused = true;
        desk.workspace.server.answer = [&, others = desk.workspace.server.answer](const FakeRequest& request) {
            return isRefused && request.path() == "/openapi.json" ? answer : others(request);
        };
        ApiDialog* dialog = opened(desk);
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->message()->isVisible());
        QVERIFY2(dialog->message()->text().contains(told), qPrintable(dialog->message()->text()));
        QVERIFY(!dialog->copyButton()->isEnabled() && dialog->text()->toPlainText().isEmpty());
        isRefused = false;
        dialog->message()->button()->click();
        QVERIFY(isShown(*dialog));
        QVERIFY(!dialog->message()->isVisible());
        isRefused = true;
        dialog->reloadButton()->click();
        QTRY_VERIFY(dialog->message()->isVisible());
        QVERIFY(!dialog->text()->toPlainText().isEmpty()); // what was there stays
    }

    void itGoesWithItsConnection()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        const QPointer<ApiDialog> dialog = opened(desk);
        QVERIFY(dialog);
        QCOMPARE(opened(desk), dialog.data()); // one is enough
        desk.window->connectTo(desk.workspace.connection());
        QTRY_VERIFY(!dialog);
    }
};

QTEST_MAIN(TestApiDialog)
#include "tst_apidialog.moc"
