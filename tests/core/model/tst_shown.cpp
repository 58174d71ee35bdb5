// Sentences that quote what others said, without what opens doors.
#include "core/model/shown.h"

#include <QtTest/QtTest>

using namespace iotman;

class TestShown : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretsAreHiddenByTheirLooks_data()
    {
        QTest::addColumn<QByteArray>("sentence");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* sentence, const char* shown) {
            QTest::newRow(name) << QByteArray(sentence) << QByteArray(shown);
        };
        row("nothing secret", "expected a token, ey", "expected a token, ey");
        row("a token in a sentence", "the token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.SENTINEL is not known", "the token … is not known");
        row("a password in an address", "cannot reach https://u:SENTINEL@h/x", "cannot reach https://…@h/x");
        row("an e-mail", "ada@example.com is no member", "ada@example.com is no member");
    }
    void secretsAreHiddenByTheirLooks()
    {
        QFETCH(QByteArray, sentence);
        std::string text = sentence.toStdString();
        hideByLooks(text);
        QTEST(QByteArray::fromStdString(text), "shown");
    }

    void aKnownSecretIsHiddenWhereverItStands_data()
    {
        QTest::addColumn<QByteArray>("sentence");
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* sentence, const char* secret, const char* shown) {
            QTest::newRow(name) << QByteArray(sentence) << QByteArray(secret) << QByteArray(shown);
        };
        row("as it is, twice", "no SENTINEL here, SENTINEL", "SENTINEL", "no … here, …");
        row("percent-encoded", "id=a&secret=SENT%2FINEL%2B", "SENT/INEL+", "id=a&secret=…");
        row("another one", "no SENTINEL here", "OTHERSECRET", "no SENTINEL here");
        row("none", "no secret", "", "no secret");
        row("so short that it stands anywhere", "a cat and a dog", "cat", "a cat and a dog");
    }
    void aKnownSecretIsHiddenWhereverItStands()
    {
        QFETCH(QByteArray, sentence);
        QFETCH(QByteArray, secret);
        std::string text = sentence.toStdString();
        hideSecret(text, secret.toStdString());
        QTEST(QByteArray::fromStdString(text), "shown");
    }
};

QTEST_APPLESS_MAIN(TestShown)
#include "tst_shown.moc"
