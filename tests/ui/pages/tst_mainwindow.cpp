#include "tests/ui/pages/surfaces.h"
#include "ui/code/askpane.h"
#include "ui/look/copybutton.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/filterbox.h"
#include "ui/look/messageline.h"
#include "ui/look/navigationlist.h"
#include "ui/look/toast.h"
#include "ui/pages/connectionbutton.h"
#include "ui/pages/corsask.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/endpointdetails.h"
#include "ui/pages/endpointdialog.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/reasonline.h"
#include "ui/pages/scopecombo.h"
#include "ui/pages/statelabel.h"
#include "ui/pages/tryitpane.h"

using namespace iotman;
using namespace iotman::ui;

class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWindowShowsTheWorkspaceAndWhereItIs()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        QTRY_COMPARE(desk.window->windowTitle(), QStringLiteral("Demo weather [local][*] — IoTMan Desktop"));
        QCOMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("New York,Seattle"));
        QCOMPARE(desk.window->findChild<NavigationList*>()->count(), 4);
        desk.window->addPage(PageId::Monitor, new QWidget);
        QCOMPARE(desk.window->findChild<NavigationList*>()->count(), 5);
    }

    void everyRoleSeesTheSameActionsAndWhyTheyAreDisabled_data()
    {
        QTest::addColumn<Role>("role");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("viewer") << Role::Viewer << false;
        QTest::newRow("editor") << Role::Editor << true;
        QTest::newRow("admin") << Role::Admin << true;
    }
    void everyRoleSeesTheSameActionsAndWhyTheyAreDisabled()
    {
        QFETCH(Role, role);
        QFETCH(bool, allowed);
        Desk desk(role);
        QVERIFY(desk.loaded());
        for (const QAction* action : {desk.endpoints()->newAction(), desk.endpoints()->deleteAction()}) {
            QTRY_COMPARE(action->isEnabled(), allowed);
            QVERIFY(action->isVisible());
            QCOMPARE(action->toolTip() == QStringLiteral("Requires Editor or Admin role."), !allowed);
        }
        QCOMPARE(desk.cors()->editor()->isEnabled(), allowed);
        QCOMPARE(desk.cors()->editor()->accessibleDescription() == QStringLiteral("Requires Editor or Admin role."), !allowed);
    }

    void aMessageInTheStatusBarStandsAlone()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        const auto shown = [&](const QString& part) {
            const QList<QLabel*> labels = desk.window->statusBar()->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->isVisible() && label->text().contains(part); });
        };
        QTRY_VERIFY(shown(QStringLiteral("streams out")));
        // What a disabled entry of a menu says while the pointer is over it; the lists go on being read.
        QStatusTipEvent why(QStringLiteral("Requires Editor or Admin role."));
        QApplication::sendEvent(desk.window.get(), &why);
        desk.workspace.addEndpoint("Seattle", "another");
        QSignalSpy changed(desk.window->session(), &Session::listsChanged);
        desk.window->session()->refresh();
        QVERIFY(changed.wait());
        QVERIFY(!shown(QStringLiteral("streams out")));
        desk.window->statusBar()->clearMessage();
        QVERIFY(shown(QStringLiteral("streams out")));
    }

    void aMessageThatComesBeforeTheWindowStandsAloneToo()
    {
        Desk desk;
        desk.window->hide();
        QVERIFY(desk.loaded());
        desk.window->statusBar()->showMessage(QStringLiteral("Choose an endpoint first."));
        desk.window->show();
        for (const QLabel* label : desk.window->statusBar()->findChildren<QLabel*>())
            QVERIFY2(!label->isVisible() || !label->text().startsWith(QStringLiteral("http")), qPrintable(label->text()));
    }

    void commandsAreFoundByGoToAnything_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* typed, const char* found) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(found);
        };
        row("api desc", "API description");
        row("dark", "Dark \u00b7 Colours");
        row("new output outputs", "New output \u00b7 Outputs");
        row("light", "Light \u00b7 Colours");
        row("delete", "Delete"); // of this page alone
    }
    void commandsAreFoundByGoToAnything()
    {
        QFETCH(QString, typed);
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("seattle"));
        auto* box = desk.window->findChild<GotoBox*>();
        box->setFocus();
        QTest::keyClicks(box, typed);
        QStringList texts;
        const QAbstractItemModel* model = box->completer()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            texts << model->index(row, 0).data().toString();
        QTEST(texts.join(QStringLiteral(", ")), "found");
    }

    void anUndoneDeletionIsNotOfferedAnyMore()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("seattle"));
        desk.endpoints()->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        question->accept();
        auto* toast = desk.endpoints()->findChild<Toast*>();
        QTRY_VERIFY(toast->isVisible());
        triggerNamed(desk.endpoints(), QStringLiteral("Undo delete"));
        QVERIFY(!toast->isVisible());
    }

    void whatFailedCanBeClosed()
    {
        MessageLine line(MessageLine::Kind::Error, QStringLiteral("It was not deleted."));
        line.letClose();
        line.show();
        line.button()->click();
        QVERIFY(!line.isVisible());
    }

    void viewAsViewerLocksAnOpenDialogAndSaysWhy()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->newAction()->trigger();
        auto* dialog = desk.dialog<EndpointDialog>();
        QVERIFY(dialog);
        QVERIFY(defaultButton(dialog)->isEnabled());
        desk.window->session()->viewAs(Role::Viewer);
        QVERIFY(!defaultButton(dialog)->isEnabled());
        QVERIFY(!dialog->findChild<ScopeCombo*>()->isEnabled());
        auto* reason = dialog->findChild<ReasonLine*>();
        QVERIFY(reason->isVisible());
        QCOMPARE(reason->text(), QStringLiteral("Requires Editor or Admin role."));
    }

    void anEndpointIsMadeAndItsAddressesAreShown()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->newAction()->trigger();
        auto* dialog = desk.dialog<EndpointDialog>();
        QVERIFY(dialog);
        auto* scope = dialog->findChild<ScopeCombo*>();
        QCOMPARE(scope->itemText(0), QStringLiteral("None: public read access"));
        scope->setCurrentIndex(1);
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("mine"));
        QTest::mouseClick(defaultButton(dialog), Qt::LeftButton);
        QTRY_COMPARE(dialog->windowTitle(), QStringLiteral("Endpoint created"));
        QStringList copied;
        for (const CopyButton* button : dialog->findChildren<CopyButton*>())
            copied << QUrl(button->copyText()).path();
        QCOMPARE(copied, (QStringList{QStringLiteral("/data/out/mine"), QStringLiteral("/data/out/mine/stream"),
                                      QStringLiteral("/data/out/mine/events")}));
        QTRY_COMPARE(desk.endpoints()->chosen().front().endpoint.id.text, std::string("mine"));
        QCOMPARE(desk.workspace.endpoints.back().endpoint.requiredScope, std::optional(ScopeName{"sensor:read"}));
    }

    void aRefusedIdKeepsTheDialogAndItsTexts()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->newAction()->trigger();
        auto* dialog = desk.dialog<EndpointDialog>();
        QVERIFY(dialog);
        desk.workspace.addEndpoint("Seattle", "late"); // somebody else was quicker
        auto* id = dialog->findChild<QLineEdit*>();
        id->setText(QStringLiteral("late"));
        QTest::mouseClick(defaultButton(dialog), Qt::LeftButton);
        QTRY_VERIFY(id->hasFocus() || dialog->focusWidget() == id);
        QCOMPARE(id->text(), QStringLiteral("late"));
        QTRY_VERIFY(dialog->findChild<MessageLine*>()->text().contains(QStringLiteral("exists")));
    }

    void aDeletedEndpointIsGoneAndComesBackWithUndo()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("seattle"));
        desk.endpoints()->deleteAction()->trigger();
        auto* dialog = desk.dialog<DeleteDialog>();
        QVERIFY(dialog);
        QVERIFY(dialog->accessibleDescription().contains(QStringLiteral("2 streams are open.")));
        QTest::mouseClick(defaultButton(dialog), Qt::LeftButton);
        QTRY_COMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("New York"));
        QCOMPARE(desk.workspace.endpoints.size(), 1U);
        for (QAction* action : desk.endpoints()->actions()) {
            if (action->shortcut() == QKeySequence(QKeySequence::Undo))
                action->trigger();
        }
        QTRY_COMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("New York,Seattle"));
        QCOMPARE(desk.workspace.endpoints.back().endpoint.id.text, std::string("seattle"));
    }

    void inProductionTheNameIsTypedFirst()
    {
        Desk desk;
        desk.open(Environment::Production);
        QVERIFY(desk.loaded());
        QTRY_VERIFY(desk.window->windowTitle().contains(QStringLiteral("[production]")));
        desk.endpoints()->choose(QStringLiteral("seattle"));
        QTRY_VERIFY(desk.endpoints()->deleteAction()->isEnabled());
        desk.endpoints()->deleteAction()->trigger();
        auto* dialog = desk.dialog<DeleteDialog>();
        QVERIFY(dialog);
        QVERIFY(!defaultButton(dialog)->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), QStringLiteral("Seattle"));
        QVERIFY(defaultButton(dialog)->isEnabled());
        dialog->reject();
    }

    void endpointsOfOneOutputKeepTheirPlaces()
    {
        Desk desk;
        for (const char* id : {"zeta", "alpha", "mid"})
            desk.workspace.addEndpoint("Seattle", id);
        QVERIFY(desk.loaded());
        const QAbstractItemModel* model = desk.endpoints()->table()->model();
        QTRY_COMPARE(model->rowCount(), 5);
        QStringList urls;
        for (int row = 1; row < 5; ++row)
            urls << model->index(row, 1).data().toString().section(u'/', -1);
        QCOMPARE(urls.join(u' '), QStringLiteral("alpha mid seattle zeta"));
    }

    void theFilterNarrowsTheTable()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        QTest::keyClicks(desk.endpoints()->findChild<FilterBox*>(), QStringLiteral("sensor:"));
        QCOMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("New York"));
    }

    void tryItShowsPagesByTheirBytes()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("seattle"));
        TryItPane* pane = desk.endpoints()->details()->tryIt();
        QSignalSpy answered(pane, &TryItPane::answered);
        pane->send();
        QTRY_COMPARE(answered.count(), 1);
        const auto shows = [pane](const QString& text) {
            for (const QLabel* label : pane->findChildren<QLabel*>()) {
                if (label->text() == text)
                    return true;
            }
            return false;
        };
        QVERIFY(shows(QStringLiteral("100 items, more follow")));
        QVERIFY(pane->findChild<QPlainTextEdit*>()->toPlainText().contains(QStringLiteral("\"hpa\": 1017.20")));
        for (auto* button : pane->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Next page"))
                button->click();
        }
        QTRY_COMPARE(answered.count(), 2);
        QVERIFY(shows(QStringLiteral("Items 101 to 200, more follow")));
    }

    void tryItCanBeGivenUpOnceItTakesLong()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("seattle"));
        const auto answer = std::exchange(desk.workspace.server.answer, [](const client::FakeRequest&) {
            client::FakeAnswer never;
            never.hang = true;
            return never;
        });
        TryItPane* pane = desk.endpoints()->details()->tryIt();
        pane->send();
        QVERIFY(!buttonNamed(pane, QStringLiteral("Cancel")));
        QAbstractButton* cancel = nullptr;
        QTRY_VERIFY((cancel = buttonNamed(pane, QStringLiteral("Cancel"))) != nullptr);
        cancel->click();
        QVERIFY(!cancel->isVisible());
        desk.workspace.server.answer = answer;
        QSignalSpy answered(pane, &TryItPane::answered);
        pane->send();
        QTRY_COMPARE(answered.count(), 1);
        QTest::qWait(1100);
        QVERIFY(!cancel->isVisible());
    }

    void tryItShowsARefusalWithItsSentence()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->choose(QStringLiteral("new-york"));
        TryItPane* pane = desk.endpoints()->details()->tryIt();
        QSignalSpy answered(pane, &TryItPane::answered);
        pane->send(); // without a token
        QTRY_COMPARE(answered.count(), 1);
        QTRY_VERIFY(pane->findChild<QPlainTextEdit*>()->toPlainText().contains(QStringLiteral("an access token is needed")));
    }

    void corsIsSavedRepairedAndUndone()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        CorsPage* page = desk.cors();
        desk.window->showPage(PageId::Cors);
        QTRY_COMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example"));
        QVERIFY(!page->saveAction()->isEnabled());
        page->editor()->appendPlainText(QStringLiteral("HTTPS://Other.Example/path, bad"));
        QVERIFY(desk.window->isWindowModified());
        QVERIFY(!page->saveAction()->isEnabled());
        page->editor()->setPlainText(QStringLiteral("https://dash.example, HTTPS://Other.Example/path"));
        page->saveAction()->trigger();
        QTRY_COMPARE(desk.workspace.cors.texts(), (std::vector<std::string>{"https://dash.example", "https://other.example"}));
        QTRY_VERIFY(!desk.window->isWindowModified());
        QCOMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example\nhttps://other.example"));
    }

    void aPageIsJudgedByTheListAsEdited()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        CorsPage* page = desk.cors();
        desk.window->showPage(PageId::Cors);
        QTRY_COMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example"));
        CorsAsk* ask = page->askPart();
        QTRY_COMPARE(ask->endpoints()->count(), 2);
        ask->endpoints()->setCurrentIndex(ask->endpoints()->findData(QStringLiteral("seattle")));
        ask->pane()->setOrigin(QStringLiteral("https://new.example"));
        QSignalSpy answered(ask->pane(), &AskPane::answered);
        ask->pane()->ask();
        QTRY_COMPARE(answered.count(), 1);
        QCOMPARE(ask->pane()->report()->verdict, browser::Verdict::Blocked);
        // The button puts it into the text, nothing is saved, and the page would read.
        ask->pane()->mendButton()->click();
        QTRY_COMPARE(answered.count(), 2);
        QCOMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example\nhttps://new.example"));
        QCOMPARE(ask->pane()->report()->verdict, browser::Verdict::Reads);
        QVERIFY(desk.window->isWindowModified());
        QCOMPARE(desk.workspace.cors.texts(), std::vector<std::string>{"https://dash.example"});
        page->editor()->undo();
        QCOMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example"));
        QVERIFY(!ask->pane()->report()); // of another list
    }

    void revertBringsBackTheStoredList()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        CorsPage* page = desk.cors();
        QTRY_VERIFY(!page->editor()->toPlainText().isEmpty());
        page->editor()->appendPlainText(QStringLiteral("https://x.example"));
        page->revertAction()->trigger();
        QCOMPARE(page->editor()->toPlainText(), QStringLiteral("https://dash.example"));
        page->editor()->undo();
        QVERIFY(page->editor()->toPlainText().endsWith(QStringLiteral("https://x.example")));
    }

    void aConflictIsToldAndTheirListCanBeLoaded()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        CorsPage* page = desk.cors();
        desk.window->showPage(PageId::Cors);
        QTRY_VERIFY(!page->editor()->toPlainText().isEmpty());
        page->editor()->appendPlainText(QStringLiteral("https://mine.example"));
        desk.workspace.cors.list = {CorsOrigin::parse("https://theirs.example").value()};
        ++desk.workspace.corsVersion;
        page->saveAction()->trigger();
        QPushButton* load = nullptr;
        QTRY_VERIFY([&] {
            for (auto* button : page->findChildren<QPushButton*>()) {
                if (button->text() == QStringLiteral("Load theirs") && button->isVisible())
                    load = button;
            }
            return load != nullptr;
        }());
        QVERIFY(page->editor()->toPlainText().endsWith(QStringLiteral("https://mine.example"))); // nothing typed is lost
        load->click();
        QTRY_COMPARE(page->editor()->toPlainText(), QStringLiteral("https://theirs.example"));
        page->editor()->undo();
        QVERIFY(page->editor()->toPlainText().endsWith(QStringLiteral("https://mine.example")));
    }

    void aLossShowsInOnePlaceWithAWayBack()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.workspace.down = true;
        desk.window->session()->refresh();
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::Offline);
        int shown = 0;
        for (const MessageLine* line : desk.window->findChildren<MessageLine*>())
            shown += line->isVisible() && line->text().startsWith(QStringLiteral("Offline since"));
        QCOMPARE(shown, 1);
        QCOMPARE(qApp->activeModalWidget(), nullptr);
    }

    void aNarrowWindowKeepsRoleAndStateInSight_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("as wide as most screens") << 1440;
        QTest::newRow("half a screen") << 960;
        QTest::newRow("as narrow as it gets") << 800;
    }
    void aNarrowWindowKeepsRoleAndStateInSight()
    {
        QFETCH(int, width);
        Desk desk;
        QVERIFY(desk.loaded());
        auto* page = new QWidget;
        for (int i = 0; i < 16; ++i) {
            auto* action = new QAction(QStringLiteral("An action of the page"), page);
            page->addAction(action);
        }
        desk.window->addPage(PageId::Monitor, page);
        desk.window->showPage(PageId::Monitor);
        desk.window->resize(width, 600);
        QTRY_COMPARE(desk.window->width(), width);
        QCoreApplication::processEvents();
        for (const QWidget* part :
             std::initializer_list<QWidget*>{desk.window->findChild<StateLabel*>(), desk.window->findChild<ConnectionButton*>(),
                                             desk.window->findChild<GotoBox*>()}) {
            QVERIFY(part->isVisible());
            QVERIFY(desk.window->rect().contains(QRect(part->mapTo(desk.window.get(), QPoint()), part->size())));
        }
        // What finds no room is in the menu of the page's own part of the bar.
        int more = 0;
        for (const auto* button : desk.window->findChildren<QToolButton*>(QStringLiteral("qt_toolbar_ext_button")))
            more += button->isVisible();
        QCOMPARE(more, 1);
    }

    void aPageReachedByKeyHasTheFocus()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        for (const QKeySequence& keys : {QKeySequence(Qt::CTRL | Qt::Key_4), QKeySequence(Qt::CTRL | Qt::Key_1)}) {
            desk.window->findChild<GotoBox*>()->setFocus();
            const QList<QAction*> actions = desk.window->findChildren<QAction*>();
            const auto found =
                std::find_if(actions.begin(), actions.end(), [&](const QAction* action) { return action->shortcut() == keys; });
            QVERIFY(found != actions.end());
            (*found)->trigger();
            QVERIFY(desk.window->page(*desk.window->currentPage())->isAncestorOf(desk.window->focusWidget()));
        }
        QCOMPARE(desk.window->focusWidget(), desk.endpoints()->table());
    }

    void goToAnythingOpensAnEndpoint()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.window->showPage(PageId::Cors);
        auto* box = desk.window->findChild<GotoBox*>();
        QFocusEvent focus(QEvent::FocusIn, Qt::ShortcutFocusReason);
        QApplication::sendEvent(box, &focus);
        QTest::keyClicks(box, QStringLiteral("no such thing"));
        const QAbstractItemModel* found = box->completer()->model();
        QCOMPARE(found->rowCount(), 1);
        QCOMPARE(found->index(0, 0).data().toString(), QStringLiteral("Nothing found"));
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(desk.window->currentPage(), std::optional(PageId::Cors));
        box->selectAll();
        QTest::keyClicks(box, QStringLiteral("york"));
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(desk.window->currentPage(), std::optional(PageId::Endpoints));
        QCOMPARE(desk.endpoints()->chosen().front().endpoint.id.text, std::string("new-york"));
    }

    void theWindowComesBackAsItWasLeft()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.window->showPage(PageId::Cors);
        desk.window->resize(1000, 640);
        desk.endpoints()->table()->setColumnWidth(1, 333);
        desk.window->close();
        desk.window.reset();
        desk.open();
        QCOMPARE(desk.window->currentPage(), std::optional(PageId::Cors));
        QCOMPARE(desk.window->size(), QSize(1000, 640).boundedTo(desk.window->screen()->availableSize()));
        QCOMPARE(desk.endpoints()->table()->columnWidth(1), 333);
    }

    void aWindowLeftOnAScreenThatIsGoneIsVisible()
    {
        Desk desk;
        desk.window->close();
        desk.window.reset();
        desk.settings.setValue(QStringLiteral("window/geometry"), QRect(5000, -3000, 900, 600));
        desk.open();
        QVERIFY(desk.window->screen()->availableGeometry().contains(desk.window->geometry().topLeft()));
    }

    void aFailureSaysWhyAndOffersAnotherTry()
    {
        Desk desk;
        MainWindow window(desk.clock, desk.random, desk.settings, desk.connections);
        window.show();
        window.showStarting();
        window.showFailure(Error{Problem::Unavailable, "Port 8787 is taken.", {}});
        QSignalSpy retry(&window, &MainWindow::retryRequested);
        QVERIFY(defaultButton(&window));
        defaultButton(&window)->click();
        QCOMPARE(retry.count(), 1);
        desk.window->showFailure(Error{Problem::Unavailable, "The server has ended.", {}});
        QVERIFY(!desk.window->session());
        QCOMPARE(desk.window->findChild<NavigationList*>()->count(), 0);
    }

    void everythingThatTakesTheFocusHasAName()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.endpoints()->newAction()->trigger();
        QVERIFY(desk.dialog<EndpointDialog>());
        QStringList found = nameless(desk.window.get());
        desk.window->showPage(PageId::Cors);
        found += nameless(desk.window.get());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void anotherConnectionTakesThePlaceOfTheFirst()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        FakeWorkspace other;
        other.addOutput("Motor", "$", 1);
        other.addEndpoint("Motor", "motor");
        desk.window->addPage(PageId::Monitor, new QWidget);
        desk.window->connectTo(other.connection(Environment::Test));
        QVERIFY(!desk.window->page(PageId::Monitor));
        QTRY_COMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("Motor"));
        QTRY_VERIFY(desk.window->windowTitle().contains(QStringLiteral("[test]")));
        desk.window->connectTo(desk.workspace.connection()); // back, before “other” goes
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
