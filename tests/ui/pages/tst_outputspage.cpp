#include "tests/ui/pages/desk.h"
#include "ui/look/messageline.h"
#include "ui/look/toast.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/outputeditor.h"
#include "ui/pages/outputresult.h"
#include "ui/rules/previewview.h"
#include "ui/rules/ruleeditor.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

/// A workspace with a greenhouse's datapoints, and an output that nobody serves.
struct OutputDesk : Desk {
    explicit OutputDesk(Role own = Role::Admin)
        : Desk(own)
    {
        workspace.addSource("greenhouse", {R"({"t":31.5,"place":{"bed":2}})", R"({"t":"n/a"})", R"({"t":12})"});
        workspace.addOutput("Draft", "{ t: $.t }", 3);
        window->showPage(PageId::Outputs);
    }
    /// The page, with its lists and datapoints there.
    bool ready()
    {
        return loaded() && QTest::qWaitFor([this] { return result()->model()->rowCount() > 0 || own() == Role::Viewer; });
    }
    Role own() const { return workspace.own; }
    OutputEditor* editor() { return outputs()->editor(); }
    OutputResult* result() { return outputs()->result(); }
    void choose(const QString& id)
    {
        outputs()->choose(id);
        QTRY_COMPARE(outputs()->list()->current(), id);
    }
    const Output& stored(const std::string& name) const
    {
        static const Output none;
        for (const OutputView& view : workspace.outputs)
            if (view.output.name.text == name)
                return view.output;
        return none;
    }
    /// The bodies of what was sent so.
    QByteArrayList sent(const QByteArray& method) const
    {
        QByteArrayList bodies;
        for (const client::FakeRequest& request : workspace.server.requests)
            if (request.method == method && request.path().startsWith("/api/outputs"))
                bodies << request.body;
        return bodies;
    }
    /// What the page says: each line and label that can be seen.
    bool says(const QString& part)
    {
        const auto all = outputs()->findChildren<QLabel*>();
        return std::any_of(all.begin(), all.end(),
                           [&](const QLabel* one) { return one->isVisible() && one->text().contains(part); });
    }
    /// The preview's second column.
    QStringList items()
    {
        QStringList rows;
        for (int row = 0; row < result()->model()->rowCount(); ++row)
            rows << result()->model()->index(row, PreviewModel::ItemColumn).data().toString().simplified();
        return rows;
    }
};

} // namespace

class TestOutputsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewOutputIsProposedFromTheNewestDatapointAndAppliedToWhatIsStored()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.outputs()->newAction()->trigger();
        QCOMPARE(desk.editor()->rule()->text().simplified(), QStringLiteral("{ at: $ts, t: $.t, place: { bed: $.place.bed } }"));
        QVERIFY(!desk.editor()->saveButton()->isEnabled()); // it has no name yet
        QTest::keyClicks(desk.editor()->name(), QStringLiteral("Greenhouse"));
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        QTest::mouseClick(desk.editor()->saveButton(), Qt::LeftButton);
        QTRY_COMPARE(desk.stored("Greenhouse").rule, desk.editor()->rule()->text().toStdString());
        QTRY_VERIFY(desk.says(QStringLiteral("Output saved.")));
        QTRY_VERIFY(outputsOf(desk.outputs()->list()->table()).contains(QStringLiteral("Greenhouse")));
        QCOMPARE(desk.workspace.outputs.back().items, 3);
        QVERIFY(desk.outputs()->unsaved().isEmpty() || !desk.outputs()->isWindowModified());
    }

    void aNewOutputIsMadeFromTheDatapointThatWasChosen()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.result()->view()->selectRow(1);
        buttonNamed(desk.result(), QStringLiteral("New output from this datapoint"))->click();
        QCOMPARE(desk.editor()->rule()->text().simplified(), QStringLiteral("{ at: $ts, t: $.t }"));
        QVERIFY(desk.editor()->name()->text().isEmpty());
        QVERIFY(desk.says(QStringLiteral("Not saved yet")));
    }

    void aRuleThatWasBegunForANewOutputIsReplacedOnlyAfterAQuestion()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        QAbstractButton* propose = buttonNamed(desk.result(), QStringLiteral("New output from this datapoint"));
        desk.result()->view()->selectRow(1);
        propose->click();
        desk.editor()->name()->setText(QStringLiteral("Mine"));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ mine: $.t }"));

        const auto clickAndAnswer = [&](QMessageBox::StandardButton answer) {
            QTimer::singleShot(0, this, [answer] {
                auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
                QVERIFY(question);
                question->button(answer)->click();
            });
            desk.result()->view()->selectRow(1);
            propose->click();
        };
        clickAndAnswer(QMessageBox::Cancel);
        QCOMPARE(desk.editor()->rule()->text(), QStringLiteral("{ mine: $.t }"));
        clickAndAnswer(QMessageBox::Discard);
        QCOMPARE(desk.editor()->rule()->text().simplified(), QStringLiteral("{ at: $ts, t: $.t }"));
        QCOMPARE(desk.editor()->name()->text(), QStringLiteral("Mine"));
    }

    void eachDatapointStandsBesideItsItemOrTheReasonWhyItHasNone()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        desk.editor()->filter()->setPlainText(QStringLiteral("$.t > 20 || $.t == \"n/a\""));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ t: $.t * 2 }"));
        QTRY_VERIFY(desk.says(QStringLiteral("newest 3: 1 items, 1 filtered out, 1 failed"))); // plurals are the translation's
        const QStringList items = desk.items();
        QCOMPARE(items.size(), 3);
        QVERIFY(items[0].contains(QStringLiteral("63.0")));
        QVERIFY2(items[1].startsWith(QStringLiteral("No item: the rule failed. Column 10:")), qPrintable(items[1]));
        QCOMPARE(items[2], QStringLiteral("No item: the filter is not true, $.t is 12."));
    }

    void theCountsAreOfTheNewestThousandHoweverTheyAreSpread()
    {
        OutputDesk desk;
        desk.workspace.addSource("busy", std::vector<std::string>(1'500, "{\"t\":1}"));
        desk.workspace.addSource("idle", {"{\"t\":2}", "{\"t\":3}"});
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        const QString thousand = desk.outputs()->locale().toString(1'000);
        QTRY_VERIFY(desk.says(QStringLiteral("newest %1: %1 items").arg(thousand)));
        desk.editor()->filter()->setPlainText(QStringLiteral("$.t == 2"));
        QTRY_VERIFY(desk.says(QStringLiteral("newest %1: 0 items, %1 filtered out").arg(thousand)));
    }

    void aRuleThatDoesNotParseIsSaidWithItsPlaceAndKeepsTheLastItems()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        QTRY_COMPARE(desk.items().size(), 3);
        desk.editor()->rule()->setPlainText(QStringLiteral("{\n  t: $.t = 1\n}"));
        QTRY_VERIFY(desk.says(QStringLiteral("Line 2, column 10: expected “,” or “}”")));
        QVERIFY(desk.says(QStringLiteral("Items of the last rule that parsed")));
        QCOMPARE(desk.items().size(), 3);
        QVERIFY(!desk.editor()->saveButton()->isEnabled());
        QCOMPARE(desk.editor()->saveButton()->toolTip(), QStringLiteral("First mend what is marked."));
    }

    void aChangedRuleIsAppliedToWhatIsStoredWithProgressAndCanBeCancelled()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ celsius: $.t }"));
        QTRY_VERIFY(outputsOf(desk.outputs()->list()->table()).contains(QStringLiteral("Draft *")));
        QVERIFY(desk.says(QStringLiteral("Unsaved changes")));
        QVERIFY(desk.says(QStringLiteral("New datapoints still use the rule that was saved.")));
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        desk.editor()->saveButton()->click();
        QTRY_COMPARE(desk.sent("PATCH"), QByteArrayList{R"({"rule":"{ celsius: $.t }","apply_to_stored":true})"});
        auto* progress = desk.editor()->findChild<QProgressBar*>();
        QTRY_VERIFY(progress->isVisible());
        QCOMPARE(progress->text(), QStringLiteral("Applied to 0 of 3 datapoints"));
        buttonNamed(desk.editor(), QStringLiteral("Cancel"))->click();
        QTRY_VERIFY(!progress->isVisible());
        QVERIFY(!desk.workspace.outputs.back().applying);
    }

    void aNameAloneIsNotAppliedToWhatIsStored()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        desk.editor()->name()->setText(QStringLiteral("Beds"));
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        desk.editor()->saveButton()->click();
        QTRY_COMPARE(desk.sent("PATCH").size(), 1);
        QVERIFY(!desk.sent("PATCH").front().contains("\"apply_to_stored\":true"));
        QTRY_COMPARE(desk.stored("Beds").rule, std::string("{ t: $.t }"));
    }

    void whatIsTypedWhileItIsSavedIsNotLost()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ a: $.t }"));
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        desk.editor()->saveButton()->click();
        QVERIFY(!desk.editor()->saveButton()->isEnabled()); // one change at a time
        QVERIFY(desk.says(QStringLiteral("Saving")));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ a: $.t, b: 1 }"));
        QTRY_VERIFY(desk.says(QStringLiteral("Output saved.")));
        QCOMPARE(desk.editor()->rule()->text(), QStringLiteral("{ a: $.t, b: 1 }"));
        QVERIFY(desk.says(QStringLiteral("Unsaved changes")));
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        desk.editor()->saveButton()->click();
        QTRY_COMPARE(desk.stored("Draft").rule, std::string("{ a: $.t, b: 1 }"));
        QCOMPARE(desk.sent("PATCH").size(), 2);
    }

    void anOutputThatIsServedNamesItsEndpointsAndIsNotDeleted()
    {
        OutputDesk desk;
        desk.workspace.addEndpoint("Seattle", "seattle-2");
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o1"));
        QTRY_VERIFY(desk.says(QStringLiteral("2 endpoints serve it: seattle, seattle-2.")));
        desk.outputs()->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        const auto* users = question->findChild<QListWidget*>();
        QVERIFY(users);
        QCOMPARE(users->count(), 2);
        QCOMPARE(users->item(0)->text(), QStringLiteral("seattle (serves “Seattle”)"));
        QVERIFY(!buttonNamed(question, QStringLiteral("Delete output"))->isEnabled());
        question->reject();
        QVERIFY(desk.sent("DELETE").isEmpty());
    }

    void aDeletedOutputComesBackWithUndoUnderItsId()
    {
        OutputDesk desk;
        desk.workspace.outputs.back().output.filter = "$.t > 1";
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        QVERIFY(!desk.outputs()->undoAction()->isEnabled());
        desk.outputs()->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        QVERIFY(question->accessibleDescription().contains(QStringLiteral("3 items go.")));
        defaultButton(question)->click();
        QTRY_COMPARE(desk.workspace.outputs.size(), std::size_t(2));
        QTRY_VERIFY(desk.says(QStringLiteral("Output deleted.")));
        QTRY_VERIFY(!outputsOf(desk.outputs()->list()->table()).contains(QStringLiteral("Draft")));
        desk.outputs()->findChild<Toast*>()->undoButton()->click();
        QTRY_COMPARE(desk.workspace.outputs.size(), std::size_t(3));
        QCOMPARE(desk.stored("Draft").id.text, std::string("o3"));
        QCOMPARE(desk.stored("Draft").filter, std::string("$.t > 1"));
        QCOMPARE(desk.workspace.outputs.back().items, 3); // made again of what is stored
        QTRY_COMPARE(desk.outputs()->list()->current(), QStringLiteral("o3"));
        QVERIFY(!desk.outputs()->undoAction()->isEnabled());
    }

    void aNameThatIsTakenMeanwhileIsRefusedAndWhatWasTypedStays()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.outputs()->newAction()->trigger();
        desk.editor()->name()->setText(QStringLiteral("Seattle"));
        QTRY_VERIFY(desk.says(QStringLiteral("There is an output of this name already.")));
        desk.editor()->name()->setText(QStringLiteral("Beds"));
        desk.workspace.addOutput("Beds", "$", 0); // by somebody else, just now
        QTRY_VERIFY(desk.editor()->saveButton()->isEnabled());
        desk.editor()->saveButton()->click();
        QTRY_VERIFY(desk.says(QStringLiteral("an output with the name “Beds” exists")));
        QCOMPARE(desk.editor()->name()->text(), QStringLiteral("Beds"));
        QVERIFY(desk.outputs()->isWindowModified());
    }

    void editsStayWhileOneLooksAtAnotherOutput()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        desk.editor()->rule()->setPlainText(QStringLiteral("{ x: $.t }"));
        desk.choose(QStringLiteral("o1"));
        QCOMPARE(desk.editor()->rule()->text(), QStringLiteral("{ at: $ts }"));
        QCOMPARE(desk.outputs()->unsaved(), QStringLiteral("An output has changes that are not saved."));
        desk.choose(QStringLiteral("o3"));
        QCOMPARE(desk.editor()->rule()->text(), QStringLiteral("{ x: $.t }"));
        desk.editor()->revertButton()->click();
        QCOMPARE(desk.editor()->rule()->text(), QStringLiteral("{ t: $.t }"));
        QVERIFY(!desk.outputs()->isWindowModified());
    }

    void theLastErrorStandsWithTheOutput()
    {
        OutputDesk desk;
        desk.workspace.outputs.back().failed = 2;
        desk.workspace.outputs.back().lastError =
            OutputFailure{{desk.workspace.now * 1'000'000}, "column 6: expected one number left of “*”", "{}"};
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        QTRY_VERIFY(desk.says(QStringLiteral("2 failed")));
        QVERIFY(desk.says(QStringLiteral("column 6: expected one number left of “*”")));
    }

    void aViewerSeesEverythingAndWhyItIsDisabled()
    {
        OutputDesk desk(Role::Viewer);
        QVERIFY(desk.ready());
        desk.choose(QStringLiteral("o3"));
        const QString reason = QStringLiteral("Requires Editor or Admin role.");
        for (const QAction* action :
             {desk.outputs()->newAction(), desk.outputs()->deleteAction(), desk.outputs()->undoAction()}) {
            QTRY_VERIFY(!action->isEnabled());
            QVERIFY(action->isVisible());
            QTRY_COMPARE(action->toolTip(), reason);
        }
        QTRY_COMPARE(desk.editor()->rule()->text(), QStringLiteral("{ t: $.t }"));
        QVERIFY(desk.editor()->rule()->isReadOnly());
        QVERIFY(!desk.editor()->saveButton()->isEnabled());
        QCOMPARE(desk.editor()->saveButton()->toolTip(), reason);
        QTRY_VERIFY(desk.says(reason)); // in the place of the datapoints
        QVERIFY(desk.sent("POST").isEmpty() && desk.sent("PATCH").isEmpty());
    }

    void everythingHasAName()
    {
        OutputDesk desk;
        QVERIFY(desk.ready());
        const QStringList found = nameless(desk.window.get());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }
};

QTEST_MAIN(TestOutputsPage)
#include "tst_outputspage.moc"
