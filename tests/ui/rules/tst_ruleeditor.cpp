// The editor as a person uses it.
#include "ui/rules/previewrunner.h"
#include "ui/rules/ruleeditor.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QCompleter>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QtTest/QtTest>

using namespace iotman::ui;

class TestRuleEditor : public QObject {
    Q_OBJECT

    QWidget window_;
    RuleEditor* filter_ = nullptr;
    RuleEditor* rule_ = nullptr;
    QLineEdit* after_ = nullptr;

    QAbstractItemView* popup() const { return rule_->findChild<QCompleter*>()->popup(); }

private Q_SLOTS:
    void initTestCase()
    {
        auto* column = new QVBoxLayout(&window_);
        filter_ = new RuleEditor(RulePart::Filter);
        rule_ = new RuleEditor(RulePart::Rule);
        after_ = new QLineEdit;
        for (QWidget* widget : {static_cast<QWidget*>(filter_), static_cast<QWidget*>(rule_), static_cast<QWidget*>(after_)})
            column->addWidget(widget);
        window_.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window_));
        window_.activateWindow();
    }

    void init()
    {
        filter_->setReadOnly(false);
        rule_->setReadOnly(false);
        filter_->setText({});
        rule_->setText({});
        rule_->setSeenKeys({QStringLiteral("temp_f"), QStringLiteral("with-dash")});
        rule_->setFocus();
    }

    void aTextThatBecomesShorterIsMarkedWithoutComplaint()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("setPosition")));
        rule_->setText(QStringLiteral("$.t /"));
        QVERIFY(rule_->fault());
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(rule_, Qt::Key_Backspace);
        rule_->setText({});
    }

    void theFaultIsKnownWhileOneTypes()
    {
        QSignalSpy checked(rule_, &RuleEditor::checked);
        QTest::keyClicks(rule_, QStringLiteral("1 = "));
        QVERIFY(checked.count() >= 4);
        QVERIFY(rule_->fault());
        QCOMPARE(rule_->fault()->begin, 2);
        QVERIFY(rule_->accessibleDescription().startsWith(QLatin1String("Column 3:")));
        QTest::keyClick(rule_, Qt::Key_Backspace);
        QTest::keyClicks(rule_, QStringLiteral("= 1"));
        QVERIFY(!rule_->fault());
        QVERIFY(rule_->accessibleDescription().isEmpty());
    }

    void theFaultIsUnderlined()
    {
        rule_->setText(QStringLiteral("{\n  a: $.b = 1\n}"));
        bool wave = false;
        for (const QTextEdit::ExtraSelection& mark : rule_->extraSelections())
            wave = wave || (mark.format.underlineStyle() == QTextCharFormat::WaveUnderline &&
                            mark.cursor.selectedText() == QLatin1String("="));
        QVERIFY(wave);
    }

    void keysAreCompletedBehindAPoint()
    {
        QTest::keyClicks(rule_, QStringLiteral("$.te"));
        QVERIFY(popup()->isVisible());
        QTest::keyClick(popup(), Qt::Key_Return);
        QCOMPARE(rule_->text(), QStringLiteral("$.temp_f"));
        QVERIFY(!popup()->isVisible());
        QTest::keyClicks(rule_, QStringLiteral(" + $.w"));
        QVERIFY(popup()->isVisible());
        QTest::keyClick(popup(), Qt::Key_Tab);
        QCOMPARE(rule_->text(), QStringLiteral("$.temp_f + $.\"with-dash\""));
    }

    void escapeClosesTheListAndKeepsTheText()
    {
        QTest::keyClicks(rule_, QStringLiteral("$.te"));
        QTest::keyClick(popup(), Qt::Key_Escape);
        QVERIFY(!popup()->isVisible());
        QCOMPARE(rule_->text(), QStringLiteral("$.te"));
    }

    void tabLeavesTheEditor()
    {
        QTRY_VERIFY(rule_->hasFocus());
        QTest::keyClick(rule_, Qt::Key_Tab);
        QVERIFY(after_->hasFocus());
        QVERIFY(rule_->text().isEmpty());
        QTest::keyClick(after_, Qt::Key_Tab, Qt::ShiftModifier);
        QVERIFY(rule_->hasFocus());
    }

    void aNewLineIsIndented()
    {
        QTest::keyClicks(rule_, QStringLiteral("{"));
        QTest::keyClick(rule_, Qt::Key_Return);
        QTest::keyClicks(rule_, QStringLiteral("a: 1,"));
        QTest::keyClick(rule_, Qt::Key_Return);
        QTest::keyClicks(rule_, QStringLiteral("b: 2"));
        QCOMPARE(rule_->text(), QStringLiteral("{\n  a: 1,\n  b: 2"));
        rule_->setText(QStringLiteral("{}"));
        rule_->moveCursor(QTextCursor::Start);
        rule_->moveCursor(QTextCursor::Right);
        QTest::keyClick(rule_, Qt::Key_Return);
        QCOMPARE(rule_->text(), QStringLiteral("{\n  \n}"));
        QCOMPARE(rule_->textCursor().position(), 4);
    }

    void aFilterIsOneLine()
    {
        filter_->setFocus();
        QTest::keyClicks(filter_, QStringLiteral("$.a"));
        QTest::keyClick(filter_, Qt::Key_Return);
        QApplication::clipboard()->setText(QStringLiteral(" >\r\n1"));
        filter_->paste();
        QCOMPARE(filter_->text(), QStringLiteral("$.a > 1"));
        QVERIFY(!filter_->fault());
    }

    void readOnlyNothingCanBeChanged()
    {
        rule_->setText(QStringLiteral("$.a"));
        rule_->setReadOnly(true);
        QTest::keyClicks(rule_, QStringLiteral("x"));
        QTest::keyClick(rule_, Qt::Key_Return);
        rule_->insertPath(QStringLiteral("$.b"));
        QCOMPARE(rule_->text(), QStringLiteral("$.a"));
        QVERIFY(!popup()->isVisible());
    }

    void aPathIsInsertedAtTheCursor()
    {
        rule_->setText(QStringLiteral("1 + "));
        rule_->moveCursor(QTextCursor::End);
        rule_->insertPath(QStringLiteral("$.t"));
        QCOMPARE(rule_->text(), QStringLiteral("1 + $.t"));
        rule_->undo();
        QCOMPARE(rule_->text(), QStringLiteral("1 + "));
    }

    void onlyTheNewestPreviewIsAnswered()
    {
        PreviewRunner runner;
        QSignalSpy done(&runner, &PreviewRunner::done);
        const auto datapoints = std::make_shared<const std::vector<RecentDatapoint>>(
            std::vector<RecentDatapoint>(3, {iotman::Timestamp{}, 1, "s", "{\"a\":1}"}));
        runner.run({}, "1", datapoints);
        runner.run({}, "2", datapoints);
        QTRY_COMPARE(done.count(), 1);
        QCOMPARE(done.front().front().value<Preview>().rows.front().item, std::string("2"));
        runner.run({}, "3", datapoints);
        runner.cancel();
        QTest::qWait(50);
        QCOMPARE(done.count(), 1);
    }
};

QTEST_MAIN(TestRuleEditor)
#include "tst_ruleeditor.moc"
