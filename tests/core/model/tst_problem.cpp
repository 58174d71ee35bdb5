#include "core/model/problem.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

class TestProblem : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachKindHasAStatusOfItsOwn_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("phrase");
        const auto row = [](Problem kind, int status, const char* phrase) {
            QTest::newRow(phrase) << static_cast<int>(kind) << status << QByteArray(phrase);
        };
        row(Problem::BadRequest, 400, "Bad Request");
        row(Problem::Unauthorized, 401, "Unauthorized");
        row(Problem::Forbidden, 403, "Forbidden");
        row(Problem::NotFound, 404, "Not Found");
        row(Problem::MethodNotAllowed, 405, "Method Not Allowed");
        row(Problem::RequestTimeout, 408, "Request Timeout");
        row(Problem::Conflict, 409, "Conflict");
        row(Problem::LengthRequired, 411, "Length Required");
        row(Problem::PreconditionFailed, 412, "Precondition Failed");
        row(Problem::TooLarge, 413, "Content Too Large");
        row(Problem::UriTooLong, 414, "URI Too Long");
        row(Problem::UnsupportedMedia, 415, "Unsupported Media Type");
        row(Problem::ExpectationFailed, 417, "Expectation Failed");
        row(Problem::Misdirected, 421, "Misdirected Request");
        row(Problem::UpgradeRequired, 426, "Upgrade Required");
        row(Problem::TooManyRequests, 429, "Too Many Requests");
        row(Problem::HeadTooLarge, 431, "Request Header Fields Too Large");
        row(Problem::Internal, 500, "Internal Server Error");
        row(Problem::NotImplemented, 501, "Not Implemented");
        row(Problem::Unavailable, 503, "Service Unavailable");
        row(Problem::VersionNotSupported, 505, "HTTP Version Not Supported");
        row(Problem::NoSpace, 507, "Insufficient Storage");
    }
    void eachKindHasAStatusOfItsOwn()
    {
        QFETCH(int, kind);
        QFETCH(int, status);
        QFETCH(QByteArray, phrase);
        QCOMPARE(httpStatus(static_cast<Problem>(kind)), status);
        QCOMPARE(static_cast<int>(problemOf(status)), kind);
        QCOMPARE(bytes(std::string(reasonPhrase(status))), phrase);
    }

    void aStatusThatNoKindHasIsInternal()
    {
        for (const int status : {0, 200, 302, 402, 418, 502, 599})
            QCOMPARE(problemOf(status), Problem::Internal);
    }

    void aProblemIsThatOfRfc9457()
    {
        const auto text = [](const Error& error) { return bytes(jsonText(toJson(error))); };
        QCOMPARE(text({Problem::NotFound, "there is no endpoint “x”"}),
                 bytes(quoted("{'type':'about:blank','title':'Not Found','status':404,'detail':'there is no endpoint “x”'}")));
        QCOMPARE(text({Problem::BadRequest, "rule: column 9: expected “)”", "rule", 9, "/rule", 0, 3}),
                 bytes(quoted("{'type':'about:blank','title':'Bad Request','status':400,'detail':'rule: column 9: expected “)”',"
                              "'field':'rule','column':9,'pointer':'/rule'}")));
    }

    void aProblemSurvivesTheWay_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {400, 401, 403, 404, 409, 412, 413, 421, 429, 431, 500, 503, 507})
            QTest::addRow("%d", status) << status;
    }
    void aProblemSurvivesTheWay()
    {
        QFETCH(int, status);
        const Error error{problemOf(status), "limit: expected “1”", "limit", 7};
        QCOMPARE(errorFrom(status, jsonText(toJson(error))), error);
    }

    void otherAnswersAreToldByTheirStatus_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("detail");
        QTest::newRow("a proxy's page") << 503 << QByteArray("<html>nginx</html>")
                                        << QByteArray("The server answered 503 Service Unavailable.");
        QTest::newRow("nothing") << 401 << QByteArray() << QByteArray("The server answered 401 Unauthorized.");
        QTest::newRow("an array") << 400 << QByteArray("[1]") << QByteArray("The server answered 400 Bad Request.");
        QTest::newRow("members of other types")
            << 400 << QByteArray(R"({"detail":5,"field":[],"column":"x"})") << QByteArray("The server answered 400 Bad Request.");
        QTest::newRow("a token endpoint (RFC 6749 §5.2)")
            << 401 << QByteArray(R"({"error":"invalid_client","error_description":"unknown client"})")
            << QByteArray("unknown client");
        QTest::newRow("bytes that are no text")
            << 500 << QByteArray("\xff\xfe") << QByteArray("The server answered 500 Internal Server Error.");
    }
    void otherAnswersAreToldByTheirStatus()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, detail);
        const Error error = errorFrom(status, body.toStdString());
        QCOMPARE(error.kind, problemOf(status));
        QCOMPARE(bytes(error.detail), detail);
        QVERIFY(error.field.empty());
        QCOMPARE(error.column, 0);
    }

    void anErrorGathersItsContextFromInsideOut_data()
    {
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("parent");
        QTest::addColumn<QByteArray>("detail");
        QTest::addColumn<QByteArray>("pointer");
        QTest::newRow("an output of a file")
            << QByteArray("outputs “celsius”") << QByteArray("/outputs/1")
            << QByteArray("outputs “celsius”: column 9: expected “)”") << QByteArray("/outputs/1/rule");
        QTest::newRow("the whole document") << QByteArray("file") << QByteArray() << QByteArray("file: column 9: expected “)”")
                                            << QByteArray("/rule");
    }
    void anErrorGathersItsContextFromInsideOut()
    {
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, parent);
        QFETCH(QByteArray, detail);
        QFETCH(QByteArray, pointer);
        const Error inner{Problem::BadRequest, "column 9: expected “)”", "rule", 9, "/rule"};
        const Error outer = inner.within(where.toStdString()).below(parent.toStdString()).at("outputs");
        QCOMPARE(bytes(outer.detail), detail);
        QCOMPARE(bytes(outer.pointer), pointer);
        QCOMPARE(outer.field, std::string("outputs"));
        QCOMPARE(outer.column, 9);
        QCOMPARE(outer.kind, Problem::BadRequest);
    }
};

QTEST_APPLESS_MAIN(TestProblem)
#include "tst_problem.moc"
