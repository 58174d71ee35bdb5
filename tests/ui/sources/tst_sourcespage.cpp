// The page Sources over a real server: what is made, refused, changed, deleted and brought back.
#include "tests/ui/workspace/realdesk.h"
#include "ui/look/messageline.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/pagetable.h"
#include "ui/rules/ruleeditor.h"
#include "ui/sources/sourcedialog.h"
#include "ui/sources/sourcespage.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

QByteArray twoSources()
{
    return R"({"iotman": 1, "workspace": {"slug": "demo", "name": "Demo"},
 "sources": [{"name": "hall", "kind": "http", "time": "$.ts", "settings": {"retention": {"count": 500}}},
             {"name": "yard", "kind": "http"}]})";
}

/// The real window with the page, as the desktop adds it.
struct SourcesDesk : RealDesk {
    SourcesPage* page = nullptr;

    SourcesDesk()
        : RealDesk(Environment::Local, twoSources())
    {
        page = new SourcesPage(session(), settings);
        window->addPage(PageId::Sources, page);
        window->showPage(PageId::Sources);
    }
    bool shows(const QString& names) const
    {
        return QTest::qWaitFor(
            [&] {
                QStringList shown;
                for (int row = 0; row < page->table()->model()->rowCount(); ++row)
                    shown << page->table()->model()->index(row, 0).data().toString();
                return shown.join(u' ') == names;
            },
            patience);
    }
};

} // namespace

class TestSourcesPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSourceIsMadeAndItsNameIsTakenAfterwards()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        for (const bool taken : {false, true}) {
            desk.page->newAction()->trigger();
            auto* dialog = desk.dialog<SourceDialog>();
            QVERIFY(dialog);
            dialog->nameField()->setText(QStringLiteral("attic"));
            QVERIFY(dialog->saveButton()->isEnabled());
            dialog->saveButton()->click();
            QVERIFY(!dialog->saveButton()->isEnabled()); // a second click makes no second one
            if (!taken) {
                QVERIFY(desk.shows(QStringLiteral("attic hall yard")));
                QVERIFY(QTest::qWaitFor([&] { return !desk.window->findChild<SourceDialog*>(); }, RealDesk::patience));
                continue;
            }
            QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
            QVERIFY(dialog->isVisible());
            QCOMPARE(dialog->nameField()->text(), QStringLiteral("attic"));
            QVERIFY(dialog->focusWidget() == dialog->nameField());
        }
    }

    void aTimeIsCheckedWhileItIsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("fine");
        QTest::newRow("nothing is the time of arrival") << QString() << true;
        QTest::newRow("blanks are nothing") << QStringLiteral("  ") << true;
        QTest::newRow("an expression") << QStringLiteral("$.ms / 1000") << true;
        QTest::newRow("half of one") << QStringLiteral("$.ms /") << false;
        QTest::newRow("a constructor is no time") << QStringLiteral("{ t: $.ms }") << false;
    }
    void aTimeIsCheckedWhileItIsTyped()
    {
        QFETCH(QString, typed);
        QFETCH(bool, fine);
        SourcesDesk desk;
        QVERIFY(desk.loaded());
        SourceDialog dialog(desk.session());
        dialog.nameField()->setText(QStringLiteral("attic"));
        dialog.timeField()->setPlainText(typed);
        QCOMPARE(dialog.timeField()->fault().has_value(), !fine);
        QCOMPARE(dialog.saveButton()->isEnabled(), fine);
        QVERIFY(fine || dialog.saveButton()->toolTip() == dialog.timeField()->fault()->sentence);
    }

    void aDeletedSourceComesBackWithUndo()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QVERIFY(!desk.page->undoAction()->isEnabled());
        desk.page->choose(QStringLiteral("hall"));
        desk.page->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        question->accept();
        QVERIFY(desk.shows(QStringLiteral("yard")));
        QVERIFY(desk.page->undoAction()->isEnabled());
        desk.page->undoAction()->trigger();
        QVERIFY(desk.shows(QStringLiteral("hall yard")));
        QVERIFY(QTest::qWaitFor([&] { return desk.session().sources().size() == 2; }, RealDesk::patience));
        for (const SourceView& view : desk.session().sources()) {
            if (view.source.name.text == "hall") {
                QCOMPARE(view.source.time, std::optional<std::string>("$.ts"));
                QCOMPARE(view.source.settings["retention"]["count"].get<int>(), 500);
            }
        }
    }

    void itIsCountedAndFoundByGoToAnything()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QCOMPARE(pageCount(PageId::Sources, desk.session()), std::optional<qint64>(2));
        desk.window->showPage(PageId::Endpoints);
        const std::vector<GotoTarget> targets = desk.page->targets();
        QCOMPARE(targets.size(), std::size_t(2));
        QVERIFY(targets.back().text.contains(QStringLiteral("yard")));
        targets.back().follow();
        QCOMPARE(desk.window->currentPage(), std::optional(PageId::Sources));
        QCOMPARE(desk.page->table()->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("yard"));
    }

    void filesGetExactValues()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        desk.page->table()->selectRow(0);
        const QString csv = selectedRows(RowsAs::Csv, *desk.page->table());
        QVERIFY2(QRegularExpression(QStringLiteral("\\d{4}-\\d\\d-\\d\\dT")).match(csv).hasMatch(), qPrintable(csv));
    }
};

QTEST_MAIN(TestSourcesPage)
#include "tst_sourcespage.moc"
