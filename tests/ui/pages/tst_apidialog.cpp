// The description of the workspace's API: what is shown, found, copied and saved, and what happens where there is none.
#include "tests/ui/pages/surfaces.h"
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

bool isShown(const ApiDialog& dialog)
{
    return QTest::qWaitFor([&] { return !dialog.text()->toPlainText().isEmpty(); });
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
        dialog->searched()->setText(QStringLiteral("OPERATIONID"));
        QCOMPARE(dialog->text()->textCursor().selectedText(), QStringLiteral("operationId"));
        QCOMPARE(dialog->text()->extraSelections().size(), 2);
        const int first = place();
        QTest::keyClick(dialog->searched(), Qt::Key_Return);
        QVERIFY(place() > first);
        QTest::keyClick(dialog->searched(), Qt::Key_Return);
        QCOMPARE(place(), first);
        dialog->searched()->setText(QStringLiteral("no such word"));
        QVERIFY(isFaulty(dialog->searched()));
        QVERIFY(dialog->isVisible());
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
        QVERIFY(dialog->saveTo(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), dialog->text()->toPlainText());
        QVERIFY(!dialog->saveTo(desk.folder.filePath(QStringLiteral("no/such/folder.json"))));
        QVERIFY(dialog->message()->isVisible() && dialog->message()->kind() == MessageLine::Kind::Error);
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
