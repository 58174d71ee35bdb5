#include "core/import/csvrecord.h"

#include <QtTest/QtTest>

using namespace iotman::files;

/// Fields with `|` between them; a quoted one in < >.
static QByteArray fieldsOf(const CsvRecord& record)
{
    std::string scratch;
    QByteArray text;
    for (const CsvField& field : record.fields) {
        const QByteArray inside = QByteArray::fromStdString(std::string(field.text('"', scratch)));
        text += QByteArray(&field == &record.fields.front() ? "" : "|") + (field.quoted ? "<" + inside + ">" : inside);
    }
    return text;
}

class TestCsvRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRecordIsReadAsRfc4180Says_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("size");
        const auto row = [](const char* name, const char* text, const char* fields, int size) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(fields) << size;
        };
        row("plain fields", "a,b,c\nd", "a|b|c", 6);
        row("CR LF ends a line", "a,b\r\nc", "a|b", 5);
        row("CR alone ends a line", "a,b\rc", "a|b", 4);
        row("the last line may have no end", "a,b", "a|b", 3);
        row("empty fields", ",,\n", "||", 3);
        row("blanks belong to the field", " a , b\n", " a | b", 7);
        row("a quoted line end (import-4)", "\"a\nb\",c\n", "<a\nb>|c", 8);
        row("a quoted separator", "\"a,b\",c\n", "<a,b>|c", 8);
        row("a doubled quote (import-4)", "\"say \"\"hi\"\"\"\n", "<say \"hi\">", 13);
        row("nothing but a doubled quote", "\"\"\"\"\n", "<\">", 5);
        row("an empty quoted field (import-4)", "\"\",b\n", "<>|b", 5);
        row("a quote in the middle is a character (import-4)", "a\"b,5\"\n", "a\"b|5\"", 7);
        row("a quoted field ends the text", "a,\"b\"", "a|<b>", 5);
    }
    void aRecordIsReadAsRfc4180Says()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, fields);
        QFETCH(int, size);
        CsvRecord record;
        const std::string kept = text.toStdString();
        QVERIFY(readRecord(kept, true, {}, record) == RecordEnd::Complete);
        QCOMPARE(fieldsOf(record), fields);
        QCOMPARE(int(record.size), size);
    }

    void aTextThatGoesOnIsReadOnlyWhenItsEndIsCertain_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no line end") << QByteArray("a,b");
        QTest::newRow("an LF may follow the CR") << QByteArray("a,b\r");
        QTest::newRow("the quote may be doubled") << QByteArray("a,\"b\"");
        QTest::newRow("an open quote") << QByteArray("a,\"b\n");
        QTest::newRow("nothing yet") << QByteArray("");
    }
    void aTextThatGoesOnIsReadOnlyWhenItsEndIsCertain()
    {
        QFETCH(QByteArray, text);
        CsvRecord record;
        const std::string kept = text.toStdString();
        QVERIFY(readRecord(kept, false, {}, record) == RecordEnd::NeedsMore);
    }

    void wrongQuotesAreFoundWhereTheyAre()
    {
        CsvRecord record;
        QVERIFY(readRecord("a,\"b\nc", true, {}, record) == RecordEnd::Unclosed);
        QCOMPARE(record.at, std::size_t(2));
        QVERIFY(readRecord("\"a\"b,c\n", true, {}, record) == RecordEnd::AfterClosing);
        QCOMPARE(record.at, std::size_t(3));
    }

    void otherSeparatorsAndQuotesAreAsGood()
    {
        CsvRecord record;
        QVERIFY(readRecord("'a;b';\"c\"\n", true, {';', '\''}, record) == RecordEnd::Complete);
        QCOMPARE(fieldsOf(record), QByteArray("<a;b>|\"c\""));
    }
};

QTEST_APPLESS_MAIN(TestCsvRecords)
#include "tst_csvrecords.moc"
