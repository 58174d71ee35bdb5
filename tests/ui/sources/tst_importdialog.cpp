// The import of files over a real server: where rows go, what stays of an import that fails, and what is said beforehand.
#include "tests/ui/workspace/realdesk.h"
#include "ui/pages/pagetable.h"
#include "ui/pages/words.h"
#include "ui/sources/importdialog.h"
#include "ui/sources/sourcespage.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

QByteArray someSources()
{
    return R"({"iotman": 1, "workspace": {"slug": "demo", "name": "Demo"},
 "sources": [{"name": "hall", "kind": "http"},
             {"name": "lab", "kind": "generator", "enabled": false, "settings": {"signals": [{"name": "v", "kind": "constant"}]}}]})";
}

/// The real window with the import dialog open.
struct ImportDesk : RealDesk {
    SourcesPage* page = nullptr;

    ImportDesk()
        : RealDesk(Environment::Local, someSources())
    {
        page = new SourcesPage(session(), settings);
        window->addPage(PageId::Sources, page);
        window->showPage(PageId::Sources);
    }
    /// The dialog with this file in it.
    ImportDialog* opened(const QString& path) const
    {
        if (!QTest::qWaitFor([this] { return page->importAction()->isEnabled() && page->table()->model()->rowCount() > 0; },
                             patience))
            return nullptr;
        page->importFile();
        QSignalSpy previewed(page->importDialog(), &ImportDialog::previewed);
        page->importFile(path);
        return !previewed.isEmpty() || previewed.wait(patience) ? page->importDialog() : nullptr;
    }
    static bool ended(ImportDialog* dialog)
    {
        QSignalSpy ended(dialog, &ImportDialog::ended);
        return ended.wait(patience);
    }
    bool hasSource(const std::string& name) const
    {
        std::optional<bool> has;
        session().management().sources(window.get(), [&](const Expected<std::vector<SourceView>>& sources) {
            has = sources && std::any_of(sources->begin(), sources->end(),
                                         [&](const SourceView& view) { return view.source.name.text == name; });
        });
        return QTest::qWaitFor([&] { return has.has_value(); }, patience) && *has;
    }
};

QByteArray manyRows()
{
    QByteArray text = "t,v\n";
    for (int i = 0; i < 400'000; ++i)
        text += QByteArray::number(1'700'000'000 + i) + ",1\n";
    return text;
}

} // namespace

class TestImportDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSourceThatWasMadeForNothingGoesAgain_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("cancelled");
        QTest::newRow("cancelled") << manyRows() << true;
        QTest::newRow("refused") << QByteArray("t,v\n1700000000,1\n1700000001,2,3\n") << false;
    }
    void aSourceThatWasMadeForNothingGoesAgain()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, cancelled);
        ImportDesk desk;
        QVERIFY(desk.loaded());
        ImportDialog* dialog = desk.opened(desk.file(QStringLiteral("rows.csv"), text));
        QVERIFY(dialog);
        QSignalSpy ended(dialog, &ImportDialog::ended);
        dialog->importButton()->click();
        if (cancelled)
            dialog->reject();
        QVERIFY(ended.wait(RealDesk::patience));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("Nothing was stored.")), qPrintable(dialog->summaryText()));
        QVERIFY(!desk.hasSource("rows"));
    }

    void aSourceThatWasThereStays()
    {
        ImportDesk desk;
        QVERIFY(desk.loaded());
        ImportDialog* dialog = desk.opened(desk.file(QStringLiteral("hall.csv"), "t,v\n1700000000,1\n1700000001,2,3\n"));
        QVERIFY(dialog);
        dialog->importButton()->click();
        QVERIFY(ImportDesk::ended(dialog));
        QVERIFY(desk.hasSource("hall"));
    }

    void theSuggestedSourceGoesWithTheFile()
    {
        ImportDesk desk;
        QVERIFY(desk.loaded());
        const QByteArray rows("t,v\n1700000000,1\n");
        ImportDialog* dialog = desk.opened(desk.file(QStringLiteral("north.csv"), rows));
        QVERIFY(dialog);
        QCOMPARE(dialog->sourceField()->currentText(), QStringLiteral("north"));
        QVERIFY(desk.opened(desk.file(QStringLiteral("south.csv"), rows)));
        QCOMPARE(dialog->sourceField()->currentText(), QStringLiteral("south"));
        dialog->sourceField()->setEditText(QStringLiteral("both"));
        QVERIFY(desk.opened(desk.file(QStringLiteral("west.csv"), rows)));
        QCOMPARE(dialog->sourceField()->currentText(), QStringLiteral("both"));
    }

    void whatMakesItsDatapointsItselfTakesNoFile()
    {
        ImportDesk desk;
        QVERIFY(desk.loaded());
        ImportDialog* dialog = desk.opened(desk.file(QStringLiteral("lab.csv"), "t,v\n1700000000,1\n"));
        QVERIFY(dialog);
        QVERIFY(dialog->sourceField()->findText(QStringLiteral("hall")) >= 0);
        QVERIFY(dialog->sourceField()->findText(QStringLiteral("lab")) < 0);
        QVERIFY(!dialog->importButton()->isEnabled());
        QCOMPARE(dialog->importButton()->toolTip(), QStringLiteral("“lab” makes its datapoints itself. Choose another name."));
        dialog->sourceField()->setEditText(QStringLiteral("hall"));
        QVERIFY(dialog->importButton()->isEnabled());
    }

    void aFileThatComesASecondTimeIsToldBefore()
    {
        ImportDesk desk;
        QVERIFY(desk.loaded());
        const QString path = desk.file(QStringLiteral("rows.csv"), "t,v\n1700000000,1\n1700000001,2\n");
        ImportDialog* dialog = desk.opened(path);
        QVERIFY(dialog);
        QCOMPARE(dialog->warning(), QString());
        dialog->importButton()->click();
        QVERIFY(ImportDesk::ended(dialog));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("Imported into")), qPrintable(dialog->summaryText()));
        QTRY_VERIFY_WITH_TIMEOUT(desk.settings.contains(QStringLiteral("import/imported")), RealDesk::patience);
        dialog->done(QDialog::Accepted);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.page->importDialog(), RealDesk::patience);

        const QString copy = desk.file(QStringLiteral("copy.csv"), "t,v\n1700000000,1\n1700000001,2\n");
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->table()->model()->rowCount() == 3, RealDesk::patience);
        dialog = desk.opened(copy);
        QVERIFY(dialog);
        QCOMPARE(dialog->warning(), QString()); // it would go into a source of its own
        dialog->sourceField()->setEditText(QStringLiteral("rows"));
        QTRY_VERIFY_WITH_TIMEOUT(dialog->warning().startsWith(QStringLiteral("It was imported into “rows” before, at ")),
                                 RealDesk::patience);
        QVERIFY(dialog->importButton()->isEnabled());
        QVERIFY(desk.opened(desk.file(QStringLiteral("other.csv"), "t,v\n1700000000,1\n1700000001,3\n")));
        dialog->sourceField()->setEditText(QStringLiteral("rows"));
        QTest::qWait(100);
        QCOMPARE(dialog->warning(), QString());
    }

    void aFileWithoutARowIsNotImported_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("a header alone") << QByteArray("time,value\n") << QStringLiteral("There is no row below the header.");
        QTest::newRow("objects, but none") << QByteArray("[]\n") << QStringLiteral("The file has no rows.");
        const QByteArray tooLong(3'000'000, 'x');
        QTest::newRow("a line that does not end") << tooLong << QStringLiteral("The first row is longer than 1 MiB.");
        QTest::newRow("an object that does not end")
            << QByteArray("{\"a\": \"" + tooLong) << QStringLiteral("The first row is longer than 1 MiB.");
    }
    void aFileWithoutARowIsNotImported()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, why);
        ImportDesk desk;
        QVERIFY(desk.loaded());
        ImportDialog* dialog = desk.opened(desk.file(QStringLiteral("rows.txt"), text));
        QVERIFY(dialog);
        QVERIFY(!dialog->importButton()->isEnabled());
        QCOMPARE(dialog->importButton()->toolTip(), why);
    }

    void aLongFirstRowIsShown()
    {
        ImportDesk desk;
        QVERIFY(desk.loaded());
        ImportDialog* dialog = desk.opened(
            desk.file(QStringLiteral("rows.ndjson"), "{\"a\":\"" + QByteArray(600'000, 'x') + "\"}\n{\"a\":\"y\"}\n"));
        QVERIFY(dialog);
        QVERIFY2(dialog->importButton()->isEnabled(), qPrintable(dialog->importButton()->toolTip()));
        QVERIFY(dialog->preview()->rowCount() > 0);
    }
};

QTEST_MAIN(TestImportDialog)
#include "tst_importdialog.moc"
