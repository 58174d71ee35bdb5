// What is typed and not saved, without a window.
#include "ui/pages/outputedits.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;

namespace {

const QString id = QStringLiteral("o1");

Output output(const std::string& rule)
{
    Output made;
    made.id.text = "o1";
    made.name.text = "Weather";
    made.rule = rule;
    return made;
}

} // namespace

class TestOutputEdits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutEditsTheFormShowsWhatIsStored()
    {
        const Output stored = output("$");
        QCOMPARE(OutputEdits().fields(id, &stored).rule, QStringLiteral("$"));
        QVERIFY(OutputEdits().fields({}, nullptr) == OutputFields{});
    }

    void whatIsTypedIsKeptUntilItIsWhatIsStored()
    {
        const Output stored = output("$");
        OutputEdits edits;
        edits.keep(id, &stored, fieldsOf(output("$.a")));
        QCOMPARE(edits.ids(), QStringList{id});
        QCOMPARE(edits.fields(id, &stored).rule, QStringLiteral("$.a"));
        edits.keep(id, &stored, fieldsOf(stored));
        QVERIFY(edits.empty());
    }

    void aNewOutputIsAnEditOfItsOwn()
    {
        OutputEdits edits;
        edits.keep({}, nullptr, fieldsOf(output("$")));
        edits.saved({}, nullptr, output("$"), fieldsOf(output("$")), fieldsOf(output("$")));
        QVERIFY(edits.empty());
    }

    void whatIsTypedDuringASaveIsAnEditOfWhatWasSaved()
    {
        OutputEdits edits;
        edits.keep({}, nullptr, fieldsOf(output("$.b")));
        edits.saved({}, nullptr, output("$.a"), fieldsOf(output("$.a")), fieldsOf(output("$.b")));
        QCOMPARE(edits.ids(), QStringList{id});
        QCOMPARE(edits.fields(id, nullptr).rule, QStringLiteral("$.b"));
    }

    void aChangeBySomebodyElseOvertakesEdits()
    {
        const Output stored = output("$");
        OutputEdits edits;
        QVERIFY(!edits.isOvertaken(id, output("$.x")));
        edits.keep(id, &stored, fieldsOf(output("$.a")));
        QVERIFY(!edits.isOvertaken(id, stored));
        QVERIFY(edits.isOvertaken(id, output("$.x")));
    }

    void onesOwnChangeDoesNotWhileTheListsStillHoldTheOldOne()
    {
        const Output stored = output("$");
        OutputEdits edits;
        edits.keep(id, &stored, fieldsOf(output("$.b")));
        edits.saved(id, &stored, output("$.a"), fieldsOf(output("$.a")), fieldsOf(output("$.b")));
        QVERIFY(!edits.isOvertaken(id, stored));
        QVERIFY(!edits.isOvertaken(id, output("$.a")));
        QVERIFY(edits.isOvertaken(id, output("$.x")));
    }
};

QTEST_APPLESS_MAIN(TestOutputEdits)
#include "tst_outputedits.moc"
