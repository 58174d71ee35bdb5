// Workspace files and snapshots from the menu: the real window over a real server.
#include "tests/ui/workspace/realdesk.h"
#include "ui/look/messageline.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/listpane.h"
#include "ui/workspace/applydialog.h"
#include "ui/workspace/exportdialog.h"
#include "ui/workspace/snapshotsdialog.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

QByteArray firstFile()
{
    return R"({"iotman": 1, "workspace": {"slug": "demo", "name": "Demo"},
 "scopes": [{"name": "a:b"}],
 "sources": [{"name": "in", "kind": "http"}],
 "outputs": [{"name": "all", "rule": "$"}],
 "endpoints": [{"id": "one", "output": "all"}, {"id": "two", "output": "all"}],
 "cors": ["https://dash.example"]})";
}

QByteArray secondFile()
{
    return R"({"iotman": 1,
 "endpoints": [{"id": "one", "output": "all", "enabled": false}, {"id": "three", "output": "all"}],
 "cors": []})";
}

QByteArray faultyFile()
{
    return "{\"iotman\": 1,\n \"cors\": [\n  \"https://ok.example\",\n  \"nonsense\"\n ]}";
}

/// As the table shows it.
QString shown(const QTableView& table)
{
    QString text;
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < 3; ++column)
            cells << table.model()->index(row, column).data().toString();
        text += cells.join(u'|') + u'\n';
    }
    return text;
}

/// Answers the question that lies over a dialog: types what has to be typed.
bool agree(RealDesk& desk, const QString& typed = {})
{
    auto* question = desk.dialog<DeleteDialog>();
    if (!question)
        return false;
    if (auto* edit = question->findChild<QLineEdit*>())
        edit->setText(typed);
    question->accept();
    return true;
}

bool says(const MessageLine* message, const QString& part)
{
    return QTest::qWaitFor([&] { return message->isVisible() && message->text().contains(part); }, RealDesk::patience);
}

} // namespace

class TestWorkspaceMenu : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileIsShownAsADifferenceAndThenApplied()
    {
        RealDesk desk;
        QVERIFY(desk.loaded() && desk.set(firstFile().toStdString()));
        desk.session().refresh();
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("two"); }, RealDesk::patience));
        desk.menu->applyAction()->trigger();
        auto* dialog = desk.dialog<ApplyDialog>();
        QVERIFY(dialog);
        QVERIFY(!dialog->applyButton()->isEnabled());
        QCOMPARE(dialog->applyButton()->toolTip(), QStringLiteral("Choose a file first."));
        dialog->setFile(desk.file(QStringLiteral("second.json"), secondFile()));
        QVERIFY(QTest::qWaitFor([&] { return dialog->applyButton()->isEnabled(); }, RealDesk::patience));
        QCOMPARE(shown(*dialog->table()),
                 QStringLiteral("\u2212 Removed|Endpoint|two\n~ Changed|Endpoint|one\n~ Changed|CORS origins|\n"
                                "+ Added|Endpoint|three\n"));
        QCOMPARE(dialog->message()->kind(), MessageLine::Kind::Warning);
        QVERIFY(dialog->table()->model()->index(0, 3).data().toString().contains(QStringLiteral("stops responding")));
        QVERIFY(desk.hasEndpoint("two")); // nothing has happened yet
        dialog->applyButton()->click();
        QVERIFY(says(dialog->message(), QStringLiteral("Applied.")));
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("three") && !desk.hasEndpoint("two"); }, RealDesk::patience));
        QVERIFY(!dialog->applyButton()->isEnabled());
        dialog->setFile(desk.file(QStringLiteral("second.json"), secondFile()));
        QVERIFY(says(dialog->message(), QStringLiteral("Nothing to change.")));
        QCOMPARE(dialog->applyButton()->toolTip(), QStringLiteral("It changes nothing."));
    }

    void aMistakeIsShownAtItsLineAndNothingIsApplied()
    {
        RealDesk desk;
        QVERIFY(desk.loaded());
        const QString path = desk.file(QStringLiteral("faulty.json"), faultyFile());
        QVERIFY(desk.menu->offerFile(path));
        auto* dialog = desk.dialog<ApplyDialog>();
        QVERIFY(dialog);
        QVERIFY(says(dialog->message(), QStringLiteral("faulty.json:")));
        QVERIFY2(dialog->message()->text().contains(QStringLiteral("faulty.json:4:")), qPrintable(dialog->message()->text()));
        QVERIFY(dialog->text()->isVisible());
        QCOMPARE(dialog->text()->textCursor().blockNumber(), 3);
        QVERIFY(!dialog->applyButton()->isEnabled());
        QVERIFY(!dialog->applyButton()->toolTip().isEmpty());
    }

    void aFileThatIsSomethingElseIsNotOffered()
    {
        RealDesk desk;
        QVERIFY(desk.loaded());
        QVERIFY(!desk.menu->offerFile(desk.file(QStringLiteral("rows.csv"), "t,x\n1,2\n")));
        QVERIFY(!desk.menu->offerFile(desk.file(QStringLiteral("rows.json"), "{\"t\": 1}")));
        QVERIFY(!desk.menu->offerFile(desk.folder.filePath(QStringLiteral("missing.json"))));
        QVERIFY(!desk.window->findChild<ApplyDialog*>());
    }

    void aSecretOfTheEnvironmentIsTakenFromIt()
    {
        RealDesk desk;
        desk.environment["C_SECRET"] = "SENTINELsecret";
        QVERIFY(desk.loaded());
        const QByteArray text =
            "{\"iotman\": 1,\n\"clients\": [{\"id\": \"c\", \"name\": \"C\",\n\"secret\": {\"env\": \"C_SECRET\"}}]}";
        QVERIFY(desk.menu->offerFile(desk.file(QStringLiteral("clients.json"), text)));
        auto* dialog = desk.dialog<ApplyDialog>();
        QVERIFY(QTest::qWaitFor([&] { return dialog->applyButton()->isEnabled(); }, RealDesk::patience));
        QCOMPARE(shown(*dialog->table()), QStringLiteral("+ Added|Client|c\n"));
        desk.environment.clear();
        dialog->setFile(desk.folder.filePath(QStringLiteral("clients.json")));
        QVERIFY(says(dialog->message(), QStringLiteral("clients.json:3:")));
        QVERIFY(dialog->message()->text().contains(QStringLiteral("C_SECRET is not set")));
    }

    void productionAsksForTheNameFirst()
    {
        RealDesk desk(Environment::Production);
        QVERIFY(desk.loaded() && desk.set(firstFile().toStdString()));
        desk.session().refresh();
        QVERIFY(QTest::qWaitFor([&] { return desk.session().workspaceName() == u"Demo"; }, RealDesk::patience));
        QVERIFY(desk.menu->offerFile(desk.file(QStringLiteral("second.json"), secondFile())));
        auto* dialog = desk.dialog<ApplyDialog>();
        QVERIFY(QTest::qWaitFor([&] { return dialog->changes().size() == 4; }, RealDesk::patience));
        QVERIFY(dialog->typedName()->isVisible());
        QVERIFY(!dialog->applyButton()->isEnabled());
        QCOMPARE(dialog->applyButton()->toolTip(), QStringLiteral("Type “Demo” first."));
        dialog->typedName()->setText(QStringLiteral("Demo"));
        QVERIFY(dialog->applyButton()->isEnabled());
    }

    void anExportIsWhatTheServerWroteByteForByte()
    {
        RealDesk desk;
        QVERIFY(desk.loaded() && desk.set(firstFile().toStdString()));
        desk.menu->exportAction()->trigger();
        auto* dialog = desk.dialog<ExportDialog>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
        const QString path = desk.folder.filePath(QStringLiteral("out.json"));
        QVERIFY(dialog->saveTo(path));
        QFile saved(path);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QByteArray told;
        client::exportWorkspaceFile(desk.session().management(), dialog,
                                    [&](const Expected<std::string>& file) { told = QByteArray::fromStdString(file.value()); });
        QVERIFY(QTest::qWaitFor([&] { return !told.isEmpty(); }, RealDesk::patience));
        QCOMPARE(saved.readAll(), told);
        QCOMPARE(dialog->text()->toPlainText().toUtf8(), told);
        dialog->copyButton()->click();
        QCOMPARE(QApplication::clipboard()->text().toUtf8(), told);
        QVERIFY(!dialog->saveTo(desk.folder.filePath(QStringLiteral("no/such/folder.json"))));
        QCOMPARE(dialog->message()->kind(), MessageLine::Kind::Error);
        // And it changes nothing.
        dialog->accept();
        QVERIFY(desk.menu->offerFile(path));
        auto* apply = desk.dialog<ApplyDialog>();
        QVERIFY(says(apply->message(), QStringLiteral("Nothing to change.")));
    }

    void aSnapshotIsSavedRestoredAndDeleted()
    {
        RealDesk desk;
        QVERIFY(desk.loaded() && desk.set(firstFile().toStdString()));
        desk.menu->snapshotsAction()->trigger();
        auto* dialog = desk.dialog<SnapshotsDialog>();
        QVERIFY(dialog);
        dialog->nameEdit()->setText(QStringLiteral("not a name"));
        QVERIFY(!dialog->saveButton()->isEnabled());
        dialog->nameEdit()->setText(QStringLiteral("monday"));
        QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
        dialog->saveButton()->click();
        QVERIFY(says(dialog->message(), QStringLiteral("Snapshot saved.")));
        QVERIFY(QTest::qWaitFor([&] { return dialog->restoreAction()->isEnabled(); }, RealDesk::patience));
        QCOMPARE(dialog->list()->table()->model()->index(0, 0).data().toString(), QStringLiteral("monday"));
        dialog->nameEdit()->setText(QStringLiteral("monday"));
        QVERIFY(!dialog->saveButton()->isEnabled());
        QVERIFY(dialog->saveButton()->toolTip().contains(QStringLiteral("already")));

        QVERIFY(desk.set(secondFile().toStdString()));
        desk.session().refresh();
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("three"); }, RealDesk::patience));
        dialog->restoreAction()->trigger();
        QVERIFY(agree(desk));
        QVERIFY(says(dialog->message(), QStringLiteral("is restored.")));
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("two") && !desk.hasEndpoint("three"); }, RealDesk::patience));

        QVERIFY(QTest::qWaitFor([&] { return dialog->deleteAction()->isEnabled(); }, RealDesk::patience));
        dialog->deleteAction()->trigger();
        QVERIFY(agree(desk));
        QVERIFY(says(dialog->message(), QStringLiteral("Snapshot deleted.")));
        QVERIFY(QTest::qWaitFor([&] { return dialog->list()->table()->model()->rowCount() == 0; }, RealDesk::patience));
    }

    void aResetBringsBackWhatTheFileMade()
    {
        RealDesk desk(Environment::Local, firstFile());
        QVERIFY(desk.loaded() && desk.hasEndpoint("two"));
        QVERIFY(desk.set(secondFile().toStdString()));
        desk.session().refresh();
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("three"); }, RealDesk::patience));
        desk.menu->snapshotsAction()->trigger();
        auto* dialog = desk.dialog<SnapshotsDialog>();
        QVERIFY(QTest::qWaitFor([&] { return dialog->resetButton()->isEnabled(); }, RealDesk::patience));
        dialog->resetButton()->click();
        QVERIFY(agree(desk));
        QVERIFY(says(dialog->message(), QStringLiteral("as its file made it")));
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("two") && !desk.hasEndpoint("three"); }, RealDesk::patience));
    }

    void aResetWithoutAFileIsRefusedInTheDialog()
    {
        RealDesk desk;
        QVERIFY(desk.loaded() && desk.set(firstFile().toStdString()));
        desk.menu->snapshotsAction()->trigger();
        auto* dialog = desk.dialog<SnapshotsDialog>();
        QVERIFY(QTest::qWaitFor([&] { return dialog->resetButton()->isEnabled(); }, RealDesk::patience));
        dialog->resetButton()->click();
        QVERIFY(agree(desk));
        QVERIFY(says(dialog->message(), QStringLiteral("no workspace file")));
        QCOMPARE(dialog->message()->kind(), MessageLine::Kind::Error);
        desk.session().refresh();
        QVERIFY(QTest::qWaitFor([&] { return desk.hasEndpoint("one"); }, RealDesk::patience));
    }

    void aRefusalIsALineOfTheDialog()
    {
        RealDesk desk;
        QVERIFY(desk.loaded());
        desk.menu->snapshotsAction()->trigger();
        auto* dialog = desk.dialog<SnapshotsDialog>();
        dialog->nameEdit()->setText(QStringLiteral("monday"));
        QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
        // Somebody else saves under the name meanwhile.
        bool saved = false;
        client::saveSnapshot(desk.session().management(), Slug{"monday"}, dialog,
                             [&](const Expected<client::SnapshotView>& done) { saved = done.has_value(); });
        QVERIFY(QTest::qWaitFor([&] { return saved; }, RealDesk::patience));
        dialog->saveButton()->click();
        QVERIFY(says(dialog->message(), QStringLiteral("was not saved.")));
        QCOMPARE(dialog->message()->kind(), MessageLine::Kind::Error);
        QVERIFY(QTest::qWaitFor([&] { return dialog->list()->table()->model()->rowCount() == 1; }, RealDesk::patience));
        QVERIFY(dialog->message()->isVisible());
    }

    void whoMayNotIsToldWhy_data()
    {
        QTest::addColumn<Role>("role");
        QTest::addColumn<bool>("files");
        QTest::addColumn<bool>("save");
        QTest::addColumn<bool>("restore");
        QTest::newRow("a viewer sees the list") << Role::Viewer << false << false << false;
        QTest::newRow("an editor saves and deletes") << Role::Editor << false << true << false;
        QTest::newRow("an admin does everything") << Role::Admin << true << true << true;
    }
    void whoMayNotIsToldWhy()
    {
        QFETCH(Role, role);
        QFETCH(bool, files);
        QFETCH(bool, save);
        QFETCH(bool, restore);
        RealDesk desk;
        QVERIFY(desk.loaded() && desk.becomes(role));
        for (const QAction* action : {desk.menu->applyAction(), desk.menu->exportAction()}) {
            QCOMPARE(action->isEnabled(), files);
            QVERIFY(files || action->statusTip() == QStringLiteral("Requires Admin role."));
        }
        QVERIFY(desk.menu->snapshotsAction()->isEnabled());
        desk.menu->snapshotsAction()->trigger();
        auto* dialog = desk.dialog<SnapshotsDialog>();
        dialog->nameEdit()->setText(QStringLiteral("monday"));
        if (save) {
            QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
            dialog->saveButton()->click();
            QVERIFY(says(dialog->message(), QStringLiteral("Snapshot saved.")));
            QVERIFY(QTest::qWaitFor([&] { return dialog->deleteAction()->isEnabled(); }, RealDesk::patience));
        } else {
            QCOMPARE(dialog->saveButton()->toolTip(), QStringLiteral("Requires Editor or Admin role."));
        }
        QCOMPARE(dialog->saveButton()->isEnabled(), false); // the name is gone, or the role too low
        QCOMPARE(dialog->restoreAction()->isEnabled(), restore);
        if (!restore)
            QCOMPARE(dialog->restoreAction()->statusTip(), QStringLiteral("Requires Admin role."));
        if (restore)
            QVERIFY(QTest::qWaitFor([&] { return dialog->resetButton()->isEnabled(); }, RealDesk::patience));
        else
            QCOMPARE(dialog->resetButton()->toolTip(), QStringLiteral("Requires Admin role."));
    }

    void everythingIsFoundByGoToAnything()
    {
        RealDesk desk;
        QVERIFY(desk.loaded());
        auto* box = desk.window->findChild<GotoBox*>();
        QFocusEvent focus(QEvent::FocusIn, Qt::ShortcutFocusReason);
        QApplication::sendEvent(box, &focus);
        QTest::keyClicks(box, QStringLiteral("snapshots"));
        QTest::keyClick(box, Qt::Key_Return);
        QVERIFY(desk.dialog<SnapshotsDialog>());
    }

    void dialogsGoWithTheConnection()
    {
        RealDesk desk;
        QVERIFY(desk.loaded());
        desk.menu->snapshotsAction()->trigger();
        QVERIFY(desk.dialog<SnapshotsDialog>());
        desk.window->showStarting();
        QVERIFY(QTest::qWaitFor([&] { return !desk.window->findChild<SnapshotsDialog*>(); }, RealDesk::patience));
        QCOMPARE(desk.menu->applyAction()->statusTip(), QStringLiteral("Not connected yet."));
    }
};

QTEST_MAIN(TestWorkspaceMenu)
#include "tst_workspacemenu.moc"
