// Rows of files on their way to a server, a piece at a time.
#include "core/model/json.h"
#include "core/pipeline/rowpieces.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;

namespace {

constexpr Timestamp arrival{1'700'000'000'000'000};

/// All pieces together.
struct Taken {
    QList<qint64> rows; ///< of each piece
    QByteArrayList payloads;
    QByteArrayList refused; ///< NAME:LINE
    QString error;
};

} // namespace

class TestRowPieces : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    RowPieces::File file(const QString& name, const QByteArray& text)
    {
        QFile made(folder_.filePath(name));
        if (!made.open(QIODevice::WriteOnly) || made.write(text) != text.size())
            qFatal("cannot write a file");
        files::Options options;
        options.format = files::Format::Csv;
        return {made.fileName().toStdString(), options};
    }

    static Taken takeAll(RowPieces& pieces)
    {
        Taken taken;
        for (;;) {
            const Expected<std::optional<RowPiece>> piece = pieces.next();
            if (!piece) {
                taken.error = QString::fromStdString(piece.error().detail);
                return taken;
            }
            if (!*piece)
                return taken;
            taken.rows << (*piece)->rows;
            for (const RowPiece::Refused& row : (*piece)->refused)
                taken.refused << QByteArray::fromStdString(row.file.filename().string() + ":" + std::to_string(row.line));
            if ((*piece)->rows == 0)
                continue;
            const Expected<Json> body = parseJson((*piece)->body);
            if (!body)
                qFatal("no JSON: %s", (*piece)->body.c_str());
            for (const Json& row : *body)
                taken.payloads << QByteArray::fromStdString(jsonText(row["payload"]));
        }
    }

private Q_SLOTS:
    void rowsOfAllFilesComeInOrder()
    {
        RowPieces pieces({file(QStringLiteral("a.csv"), "t\n1\n2\n"), file(QStringLiteral("b.csv"), "u\n3\n")},
                         {SourceName{"s"}, {}, arrival}, BadRows::RefuseAll);
        const Taken taken = takeAll(pieces);
        QCOMPARE(taken.error, QString());
        QCOMPARE(taken.payloads, QByteArrayList({"{\"t\":1}", "{\"t\":2}", "{\"u\":3}"}));
        QCOMPARE(taken.rows, QList<qint64>{3});
    }

    void aLongFileComesInPieces()
    {
        QByteArray text = "n\n";
        for (int i = 0; i < 45'000; ++i)
            text += QByteArray::number(i) + "\n";
        RowPieces pieces({file(QStringLiteral("long.csv"), text)}, {SourceName{"s"}, {}, arrival}, BadRows::RefuseAll);
        const Taken taken = takeAll(pieces);
        QCOMPARE(taken.rows, (QList<qint64>{20'000, 20'000, 5'000}));
        QCOMPARE(taken.payloads.size(), 45'000);
        QCOMPARE(taken.payloads.at(20'000), QByteArray("{\"n\":20000}"));
    }

    void refusedRowsAreToldWithTheirFileAndLine_data()
    {
        QTest::addColumn<int>("badRows");
        QTest::addColumn<QByteArrayList>("payloads");
        QTest::newRow("the others are taken where they may be skipped")
            << int(BadRows::Skip) << QByteArrayList{"{\"a\":1,\"b\":2}", "{\"a\":5,\"b\":6}", "{\"a\":7,\"b\":8}"};
        QTest::newRow("nothing follows the first one where all or none are taken")
            << int(BadRows::RefuseAll) << QByteArrayList{"{\"a\":1,\"b\":2}"};
    }
    void refusedRowsAreToldWithTheirFileAndLine()
    {
        QFETCH(int, badRows);
        QFETCH(QByteArrayList, payloads);
        RowPieces pieces(
            {file(QStringLiteral("one.csv"), "a,b\n1,2\n3\n5,6\n"), file(QStringLiteral("two.csv"), "a,b\n7,8\n9,9,9\n")},
            {SourceName{"s"}, {}, arrival}, BadRows(badRows));
        const Taken taken = takeAll(pieces);
        QCOMPARE(taken.refused, QByteArrayList({"one.csv:3", "two.csv:3"}));
        QCOMPARE(taken.payloads, payloads);
    }

    void manyRefusedRowsDoNotWaitForTheEnd()
    {
        QByteArray text = "a,b\n";
        for (int i = 0; i < 2'500; ++i)
            text += "1\n";
        RowPieces pieces({file(QStringLiteral("bad.csv"), text)}, {SourceName{"s"}, {}, arrival}, BadRows::Skip);
        const Taken taken = takeAll(pieces);
        QCOMPARE(taken.refused.size(), 2'500);
        QCOMPARE(taken.rows.size(), 3);
    }

    void aFileThatCannotBeReadIsNamed()
    {
        RowPieces pieces(
            {file(QStringLiteral("a.csv"), "t\n1\n"), {folder_.filePath(QStringLiteral("gone.csv")).toStdString(), {}}},
            {SourceName{"s"}, {}, arrival}, BadRows::Skip);
        const Taken taken = takeAll(pieces);
        QVERIFY2(taken.error.contains(QLatin1String("gone.csv")), qPrintable(taken.error));
    }

    void whoeverTakesNoMoreNeedNotReadToTheEnd()
    {
        QByteArray text = "n\n";
        for (int i = 0; i < 100'000; ++i)
            text += QByteArray::number(i) + "\n";
        RowPieces pieces({file(QStringLiteral("long.csv"), text)}, {SourceName{"s"}, {}, arrival}, BadRows::RefuseAll);
        const Expected<std::optional<RowPiece>> first = pieces.next();
        QVERIFY(first && *first);
        QCOMPARE((*first)->rows, std::int64_t(20'000));
    }
};

QTEST_APPLESS_MAIN(TestRowPieces)
#include "tst_rowpieces.moc"
