#include "tests/ui/pages/desk.h"
#include "ui/look/messageline.h"
#include "ui/pages/auditpane.h"
#include "ui/pages/clientdialog.h"
#include "ui/pages/clientspane.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/keyspane.h"
#include "ui/pages/listpane.h"
#include "ui/pages/memberdialog.h"
#include "ui/pages/memberspane.h"
#include "ui/pages/scopedialog.h"
#include "ui/pages/scopespane.h"
#include "ui/pages/secretdialog.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

/// Rows from top to bottom, cells separated by “|”.
QStringList rowsOf(const QTableView* table)
{
    QStringList rows;
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < table->model()->columnCount(); ++column)
            cells << table->model()->index(row, column).data().toString();
        rows << cells.join(u'|');
    }
    return rows;
}

/// The edit whose label, the accessible name, begins so.
QLineEdit* field(QWidget* dialog, const QString& name)
{
    for (auto* edit : dialog->findChildren<QLineEdit*>()) {
        if (edit->accessibleName().startsWith(name))
            return edit;
    }
    return nullptr;
}

struct AccessDesk : Desk {
    explicit AccessDesk(const QString& tab, Role own = Role::Admin)
        : Desk(own)
    {
        window->showPage(PageId::Access);
        access()->choose(tab);
    }
};

std::string auditEntry(int second, const std::string& kind, const std::string& id, const std::string& before,
                       const std::string& after)
{
    return "{\"at\":" + std::to_string(1'700'000'000 + second) + ",\"who\":\"owner@localhost\",\"kind\":\"" + kind +
           "\",\"id\":\"" + id + "\",\"before\":" + before + ",\"after\":" + after + "}";
}

std::vector<std::string> threeChanges()
{
    return {
        auditEntry(3, "endpoint", "e1", R"({"id":"e1","enabled":true})", R"({"id":"e1","enabled":false})"),
        auditEntry(2, "client", "c1", "null", R"({"id":"c1","name":"Grafana"})"),
        auditEntry(1, "scope", "a:b", R"({"name":"a:b"})", "null"),
    };
}

/// A line of that kind, or a label, that can be seen and says so.
template <class T>
bool shows(const QWidget* parent, const QString& part)
{
    const auto all = parent->findChildren<T*>();
    return std::any_of(all.begin(), all.end(), [&](const T* one) { return one->isVisible() && one->text().contains(part); });
}

} // namespace

class TestAccessPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aScopeIsMadeAndDeletedAndComesBackWithUndo()
    {
        AccessDesk desk(QStringLiteral("scopes"));
        QVERIFY(desk.loaded());
        ScopesPane* pane = desk.access()->scopes();
        pane->newAction()->trigger();
        auto* dialog = desk.dialog<ScopeDialog>();
        QVERIFY(dialog);
        QVERIFY(!defaultButton(dialog)->isEnabled());
        QTest::keyClicks(field(dialog, QStringLiteral("Name")), QStringLiteral("Ops Read"));
        QVERIFY(shows<MessageLine>(dialog, QString()));
        QVERIFY(!defaultButton(dialog)->isEnabled());
        field(dialog, QStringLiteral("Name"))->setText(QStringLiteral("ops:read"));
        field(dialog, QStringLiteral("Description"))->setText(QStringLiteral("Read operations"));
        QTest::mouseClick(defaultButton(dialog), Qt::LeftButton);
        QTRY_COMPARE(pane->list()->current(), QStringLiteral("ops:read"));
        QCOMPARE(desk.workspace.scopes.back().scope.description, std::string("Read operations"));

        pane->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        QTest::mouseClick(defaultButton(question), Qt::LeftButton);
        QTRY_COMPARE(desk.workspace.scopes.size(), std::size_t(1));
        const QList<QAction*> actions = pane->findChildren<QAction*>();
        const auto named = std::find_if(actions.begin(), actions.end(), [](const QAction* one) { return one->shortcut() == QKeySequence(QKeySequence::Undo); });
        QVERIFY(named != actions.end());
        QAction* undo = *named;
        QTRY_VERIFY(undo->isEnabled()); // the answer has to come back first
        undo->trigger();
        QTRY_COMPARE(desk.workspace.scopes.size(), std::size_t(2));
        QCOMPARE(desk.workspace.scopes.back().scope.description, std::string("Read operations"));
    }

    void aScopeInUseNamesAllItsUsersAndIsNotDeleted()
    {
        AccessDesk desk(QStringLiteral("scopes"));
        ScopeView& scope = desk.workspace.scopes.front();
        scope.endpoints = {"new-york", "seattle"};
        scope.clients = {"grafana"};
        scope.sources = {"greenhouse"};
        QVERIFY(desk.loaded());
        desk.access()->scopes()->choose(QStringLiteral("sensor:read"));
        desk.access()->scopes()->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        QStringList users;
        const auto* list = question->findChild<QListWidget*>();
        QVERIFY(list);
        for (int row = 0; row < list->count(); ++row)
            users << list->item(row)->text();
        QCOMPARE(users, (QStringList{QStringLiteral("Endpoint new-york"), QStringLiteral("Endpoint seattle"),
                                     QStringLiteral("Client grafana"), QStringLiteral("Source greenhouse")}));
        QVERIFY(!buttonNamed(question, QStringLiteral("Delete scope"))->isEnabled());
        QCOMPARE(defaultButton(question)->text(), QStringLiteral("Close"));
    }

    void aClientIsMadeAndItsSecretShownOnce()
    {
        AccessDesk desk(QStringLiteral("clients"));
        QVERIFY(desk.loaded());
        ClientsPane* pane = desk.access()->clients();
        pane->newAction()->trigger();
        auto* dialog = desk.dialog<ClientDialog>();
        QVERIFY(dialog);
        QTest::keyClicks(field(dialog, QStringLiteral("Name")), QStringLiteral("Nightly job"));
        dialog->findChild<QListWidget*>()->item(0)->setCheckState(Qt::Checked);
        QTest::keyClick(dialog, Qt::Key_Return);
        auto* secret = desk.dialog<SecretDialog>();
        QVERIFY(secret);
        QCOMPARE(desk.workspace.clients.back().client.scopes, std::vector<ScopeName>{ScopeName{"sensor:read"}});

        // Stray keys do not lose it: Escape asks once, Enter and Escape again change nothing.
        QTest::keyClick(secret, Qt::Key_Return);
        QTest::keyClick(secret, Qt::Key_Escape);
        QVERIFY(secret->isVisible());
        auto* line = secret->findChild<MessageLine*>();
        QVERIFY(line->isVisible());
        QTest::keyClick(secret, Qt::Key_Escape);
        QTest::keyClick(secret, Qt::Key_Return);
        secret->close();
        QVERIFY(secret->isVisible());

        QApplication::clipboard()->setText(field(secret, QStringLiteral("Secret"))->text());
        QTRY_COMPARE(line->kind(), MessageLine::Kind::Success);
        QPointer<QWidget> gone(secret);
        buttonNamed(secret, QStringLiteral("Done"))->click();
        QTRY_VERIFY(!gone);
        QApplication::clipboard()->clear();
        for (const QString& row : rowsOf(pane->list()->table()))
            QVERIFY(!row.contains(QStringLiteral("SENTINEL")));
        for (const auto* edit : desk.window->findChildren<QLineEdit*>())
            QVERIFY(!edit->text().contains(QStringLiteral("SENTINEL")));
    }

    void aSecretCanBeGivenUpKnowingly()
    {
        SecretDialog dialog({QStringLiteral("t"), QStringLiteral("Id"), QStringLiteral("c1"), QStringLiteral("Secret"),
                             client::Secret("s3cr3t"), QStringLiteral("Make another.")});
        dialog.show();
        dialog.reject();
        QVERIFY(dialog.isVisible());
        buttonNamed(&dialog, QStringLiteral("Close without copying"))->click();
        QVERIFY(!dialog.isVisible());
    }

    void aClientIsChangedCopiedSwitchedOffAndDeleted()
    {
        AccessDesk desk(QStringLiteral("clients"));
        QVERIFY(desk.loaded());
        ClientsPane* pane = desk.access()->clients();
        pane->choose(QStringLiteral("grafana"));
        const auto trigger = [&](const QString& text) {
            for (QAction* action : pane->actions()) {
                if (QString(action->text()).remove(u'&') == text)
                    action->trigger();
            }
        };
        trigger(QStringLiteral("Change\u2026"));
        auto* change = desk.dialog<ClientDialog>();
        QVERIFY(change);
        QVERIFY(!defaultButton(change)->isEnabled()); // nothing has changed yet
        field(change, QStringLiteral("Name"))->setText(QStringLiteral("Grafana 2"));
        defaultButton(change)->click();
        QTRY_COMPARE(desk.workspace.clients.front().client.name, std::string("Grafana 2"));
        QTRY_VERIFY(!desk.window->findChild<ClientDialog*>());

        trigger(QStringLiteral("Switch off"));
        QTRY_VERIFY(!desk.workspace.clients.front().client.enabled);
        QTRY_VERIFY(rowsOf(pane->list()->table()).front().contains(QStringLiteral("|off|")));

        trigger(QStringLiteral("Copy client\u2026"));
        auto* copy = desk.dialog<ClientDialog>();
        QVERIFY(copy);
        QCOMPARE(field(copy, QStringLiteral("Name"))->text(), QStringLiteral("Grafana 2 copy"));
        copy->reject();

        trigger(QStringLiteral("Delete\u2026"));
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        QVERIFY(question->accessibleDescription().contains(QStringLiteral("It was never used.")));
        defaultButton(question)->click();
        QTRY_VERIFY(desk.workspace.clients.empty());
    }

    void aNewSecretIsAskedForAndShown()
    {
        AccessDesk desk(QStringLiteral("clients"));
        QVERIFY(desk.loaded());
        desk.access()->clients()->choose(QStringLiteral("grafana"));
        desk.access()->clients()->secretAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        defaultButton(question)->click();
        auto* secret = desk.dialog<SecretDialog>();
        QVERIFY(secret);
        QCOMPARE(field(secret, QStringLiteral("Secret"))->text(), QStringLiteral("SENTINELsecret1"));
        buttonNamed(secret, QStringLiteral("Done"))->click();
        buttonNamed(secret, QStringLiteral("Close without copying"))->click();
    }

    /// The server ends what was got with the old key: this session goes on with the new one.
    void whoRenewsTheirOwnKeyStaysSignedIn()
    {
        AccessDesk desk(QStringLiteral("members"));
        QVERIFY(desk.loaded());
        MembersPane* pane = desk.access()->members();
        pane->choose(QStringLiteral("m1"));
        QTRY_COMPARE(pane->list()->current(), QStringLiteral("m1"));
        pane->keyAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        defaultButton(question)->click();
        auto* key = desk.dialog<SecretDialog>();
        QVERIFY(key);
        QCOMPARE(desk.window->session()->connection().key.reveal(), field(key, QStringLiteral("Access key"))->text().toStdString());
        buttonNamed(key, QStringLiteral("Done"))->click();
        buttonNamed(key, QStringLiteral("Close without copying"))->click();
    }

    void aMemberIsAddedAndTheLastAdminStays()
    {
        AccessDesk desk(QStringLiteral("members"));
        QVERIFY(desk.loaded());
        MembersPane* pane = desk.access()->members();
        QTRY_COMPARE(pane->list()->table()->model()->rowCount(), 1);
        QVERIFY(rowsOf(pane->list()->table()).front().startsWith(QStringLiteral("owner@localhost · you|Admin|never|")));
        pane->addMemberAction()->trigger();
        auto* dialog = desk.dialog<MemberDialog>();
        QVERIFY(dialog);
        field(dialog, QStringLiteral("E-mail"))->setText(QStringLiteral("kim@company.example"));
        dialog->findChild<QComboBox*>()->setCurrentIndex(1);
        defaultButton(dialog)->click();
        auto* key = desk.dialog<SecretDialog>();
        QVERIFY(key);
        QApplication::clipboard()->setText(field(key, QStringLiteral("Access key"))->text());
        buttonNamed(key, QStringLiteral("Done"))->click();
        QTRY_COMPARE(desk.workspace.members.back().member.role, Role::Editor);

        pane->choose(QStringLiteral("m1"));
        QTRY_COMPARE(pane->list()->current(), QStringLiteral("m1"));
        Q_EMIT pane->list()->activated(QStringLiteral("m1"));
        dialog = desk.dialog<MemberDialog>();
        QVERIFY(dialog);
        dialog->findChild<QComboBox*>()->setCurrentIndex(0);
        defaultButton(dialog)->click();
        // The refusal keeps the dialog and says why.
        QTRY_VERIFY(shows<MessageLine>(dialog, QStringLiteral("last admin")));
        QVERIFY(dialog->isVisible());
    }

    void theKeyIsRotatedAndBothArePublished()
    {
        AccessDesk desk(QStringLiteral("keys"));
        QVERIFY(desk.loaded());
        KeysPane* pane = desk.access()->keys();
        QTRY_COMPARE(pane->published(), QStringList{QStringLiteral("key-1")});
        pane->rotateAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        defaultButton(question)->click();
        QTRY_COMPARE(pane->published(), (QStringList{QStringLiteral("key-2 · signs now"), QStringLiteral("key-1")}));
    }

    void theAuditLogShowsBeforeAndAfterAndLoadsOlder()
    {
        AccessDesk desk(QStringLiteral("audit"));
        desk.workspace.audit = threeChanges();
        QVERIFY(desk.loaded());
        AuditPane* pane = desk.access()->audit();
        QTRY_COMPARE(pane->list()->table()->model()->rowCount(), 2);
        QVERIFY(rowsOf(pane->list()->table()).front().endsWith(QStringLiteral("|owner@localhost|changed|Endpoint|e1|e1")));
        pane->list()->table()->selectRow(0);
        QList<QTableView*> tables = pane->findChildren<QTableView*>();
        tables.removeAll(pane->list()->table());
        QCOMPARE(rowsOf(tables.front()), QStringList{QStringLiteral("enabled|true|false")});
        QVERIFY(pane->olderAction()->isEnabled());
        pane->olderAction()->trigger();
        QTRY_COMPARE(pane->list()->table()->model()->rowCount(), 3);
        QVERIFY(rowsOf(pane->list()->table()).back().contains(QStringLiteral("|deleted|Scope|a:b|")));
        QVERIFY(!pane->olderAction()->isEnabled());
    }

    void anEditorSeesEverythingAndWhyItIsDisabled()
    {
        AccessDesk desk(QStringLiteral("scopes"), Role::Editor);
        QVERIFY(desk.loaded());
        const QString reason = QStringLiteral("Requires Admin role.");
        for (const QAction* action : {desk.access()->scopes()->newAction(), desk.access()->clients()->newAction(),
                                      desk.access()->members()->addMemberAction(), desk.access()->keys()->rotateAction()}) {
            QTRY_VERIFY(!action->isEnabled());
            QVERIFY(action->isVisible());
            QTRY_COMPARE(action->toolTip(), reason);
        }
        desk.access()->choose(QStringLiteral("audit"));
        QVERIFY(shows<QLabel>(desk.access()->audit(), reason));
    }

    void theActionsOfTheTabAreThePages()
    {
        AccessDesk desk(QStringLiteral("scopes"));
        QVERIFY(desk.loaded());
        QVERIFY(desk.access()->actions().contains(desk.access()->scopes()->newAction()));
        desk.access()->choose(QStringLiteral("clients/grafana"));
        QVERIFY(desk.access()->actions().contains(desk.access()->clients()->newAction()));
        QVERIFY(!desk.access()->actions().contains(desk.access()->scopes()->newAction()));
        QCOMPARE(desk.access()->clients()->list()->current(), QStringLiteral("grafana"));
    }

    void everythingHasAName()
    {
        AccessDesk desk(QStringLiteral("scopes"));
        QVERIFY(desk.loaded());
        QStringList found;
        for (int tab = 0; tab < desk.access()->tabs()->count(); ++tab) {
            desk.access()->tabs()->setCurrentIndex(tab);
            found += nameless(desk.window.get());
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }
};

QTEST_MAIN(TestAccessPage)
#include "tst_accesspage.moc"
