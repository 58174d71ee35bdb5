#include "ui/look/filterbox.h"
#include "ui/look/lookstyle.h"
#include "ui/pages/helpdialog.h"

#include <QtTest/QtTest>
#include <QtWidgets>

using namespace iotman;
using namespace iotman::ui;

class TestHelpDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itOpensWithTheFirstSteps()
    {
        HelpDialog help;
        QVERIFY(help.topic() == HelpDialog::Topic::FirstSteps);
        QVERIFY(help.text(HelpDialog::Topic::FirstSteps)->toPlainText().startsWith(QStringLiteral("First steps")));
    }

    void theRulesAreThoseOfTheDocumentation()
    {
        HelpDialog help;
        QFile document(QStringLiteral(IOTMAN_SOURCE_DIR "/docs/rules.md"));
        QFile shown(QStringLiteral(":/help/rules.md"));
        QVERIFY(document.open(QIODevice::ReadOnly) && shown.open(QIODevice::ReadOnly));
        QCOMPARE(shown.readAll(), document.readAll());
        const QString text = help.text(HelpDialog::Topic::Rules)->toPlainText();
        QVERIFY(text.contains(QStringLiteral("20. Refuse what is not complete")));
        QVERIFY(text.contains(QStringLiteral("{ t: ($.temp_f - 32) / 1.8 }")));
        QVERIFY(!text.contains(QStringLiteral("```")));
    }

    void whatIsSearchedIsFoundOnBothPages()
    {
        HelpDialog help;
        help.show();
        const auto found = [&] { return help.text(help.topic())->textCursor().selectedText(); };
        QVERIFY(QTest::qWaitForWindowActive(&help));
        QTest::keyClicks(help.searched(), QStringLiteral("server-sent"));
        QCOMPARE(found(), QStringLiteral("server-sent"));
        help.searched()->setText(QStringLiteral("keyvalue"));
        QVERIFY(help.topic() == HelpDialog::Topic::Rules);
        QCOMPARE(found(), QStringLiteral("keyvalue"));
        const int first = help.text(HelpDialog::Topic::Rules)->textCursor().position();
        QTest::keyClick(help.searched(), Qt::Key_Return);
        QVERIFY(help.text(HelpDialog::Topic::Rules)->textCursor().position() > first);
        QTest::keyClick(&help, Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(help.text(HelpDialog::Topic::Rules)->textCursor().position(), first);
        QVERIFY(help.isVisible());
    }

    void theLastPlaceIsFollowedByTheFirst()
    {
        HelpDialog help;
        help.show();
        help.choose(HelpDialog::Topic::Rules);
        help.searched()->setText(QStringLiteral("Twenty recipes"));
        const int place = help.text(HelpDialog::Topic::Rules)->textCursor().position();
        QTest::keyClick(help.searched(), Qt::Key_Return); // the first steps know them too
        QVERIFY(help.topic() == HelpDialog::Topic::FirstSteps);
        QTest::keyClick(help.searched(), Qt::Key_Return);
        QVERIFY(help.topic() == HelpDialog::Topic::Rules);
        QCOMPARE(help.text(HelpDialog::Topic::Rules)->textCursor().position(), place);
    }

    void whatIsNotThereIsMarked()
    {
        HelpDialog help;
        help.searched()->setText(QStringLiteral("no such word"));
        QVERIFY(isFaulty(help.searched()));
        help.searched()->clear();
        QVERIFY(!isFaulty(help.searched()));
    }

    void aLinkLeadsToTheRules()
    {
        HelpDialog help;
        Q_EMIT help.text(HelpDialog::Topic::FirstSteps)->anchorClicked(QUrl(QStringLiteral("rules.md")));
        QVERIFY(help.topic() == HelpDialog::Topic::Rules);
    }
};

QTEST_MAIN(TestHelpDialog)
#include "tst_helpdialog.moc"
