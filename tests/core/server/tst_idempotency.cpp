// Requests that are sent again.
#include "core/server/idempotency.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

Expected<std::optional<store::RequestIdentity>> identityOf(const QList<QByteArray>& keys, const char* subject, const char* body)
{
    RequestHead head;
    for (const QByteArray& key : keys)
        head.headers.push_back({"idempotency-key", key.toStdString()});
    return requestIdentity(head, subject, body, Timestamp{1});
}

} // namespace

class TestIdempotency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutAKeyNothingIsRemembered() { QVERIFY(!identityOf({}, "", "{}").value()); }

    void badKeysAreRefused_data()
    {
        QTest::addColumn<QList<QByteArray>>("keys");
        QTest::newRow("empty") << QList<QByteArray>{""};
        QTest::newRow("given twice") << QList<QByteArray>{"a", "b"};
        QTest::newRow("a blank inside") << QList<QByteArray>{"a b"};
        QTest::newRow("too long") << QList<QByteArray>{QByteArray(256, 'a')};
        QTest::newRow("not ASCII") << QList<QByteArray>{"é"};
    }
    void badKeysAreRefused()
    {
        QFETCH(QList<QByteArray>, keys);
        const auto identity = identityOf(keys, "client", "{}");
        QVERIFY(!identity);
        QCOMPARE(identity.error().field, std::string("Idempotency-Key"));
        QCOMPARE(identity.error().kind, Problem::BadRequest);
    }

    void aKeyBelongsToTheTokenOrElseToTheBody()
    {
        const auto same = [](const char* subjectA, const char* bodyA, const char* subjectB, const char* bodyB) {
            return identityOf({"k"}, subjectA, bodyA).value()->identity == identityOf({"k"}, subjectB, bodyB).value()->identity;
        };
        QVERIFY2(same("client", "1", "client", "2"), "with a token another body under a key is a mistake");
        QVERIFY2(!same("client", "1", "other", "1"), "clients do not meet");
        QVERIFY2(!same("", "1", "", "2"), "strangers do not meet");
        QVERIFY2(same("", "1", "", "1"), "the same again is the same");
    }

    void theFirstAnswerComesAgainAndAnotherBodyIsRefused()
    {
        const store::RequestIdentity request = *identityOf({"k"}, "client", "body").value();
        QVERIFY(!firstAnswer(std::nullopt, request).value());
        QCOMPARE(*firstAnswer(store::Answered{request.body, 7}, request).value(), std::int64_t(7));
        QCOMPARE(firstAnswer(store::Answered{"another", 7}, request).error().kind, Problem::Unprocessable);
    }

    void oneOfTwoInFlightWaits()
    {
        RequestsInFlight inFlight;
        auto first = inFlight.begin(1, "a");
        QVERIFY(first);
        QVERIFY(!inFlight.begin(1, "a"));
        QVERIFY(inFlight.begin(2, "a"));
        first->land();
        QVERIFY(inFlight.begin(1, "a"));
        {
            const auto second = inFlight.begin(1, "b");
        }
        QVERIFY2(inFlight.begin(1, "b"), "one that was dropped has landed");
    }
};

QTEST_APPLESS_MAIN(TestIdempotency)
#include "tst_idempotency.moc"
