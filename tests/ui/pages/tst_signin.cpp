// What is pasted into the sign-in dialog, and what of it the server is told (oauth-2).
#include "tests/ui/pages/desk.h"
#include "ui/pages/signindialog.h"
#include "ui/pages/switcher.h"

#include <QClipboard>

using namespace iotman;
using namespace iotman::ui;

namespace {

const QString user = QStringLiteral("owner@localhost");

/// The dialog at a connection whose key is nowhere yet.
struct SigningIn {
    Desk desk;
    SignInDialog* dialog = nullptr;
    QLineEdit* userField = nullptr;
    QLineEdit* keyField = nullptr;

    SigningIn()
    {
        ConnectionInfo connection = desk.workspace.connection(Environment::Test);
        connection.kind = ConnectionKind::Server;
        connection.name = QStringLiteral("plant");
        desk.window->switcher().choose(desk.connections.save(connection));
        if (!QTest::qWaitFor([this] { return desk.window->session()->state().phase == Phase::SignInNeeded; }))
            return;
        desk.workspace.server.requests.clear();
        desk.window->switcher().askSignIn();
        dialog = desk.dialog<SignInDialog>();
        for (auto* field : dialog ? dialog->findChildren<QLineEdit*>() : QList<QLineEdit*>())
            (field->echoMode() == QLineEdit::Password ? keyField : userField) = field;
    }
    bool isThere() const { return dialog && userField && keyField; }

    static void paste(QLineEdit* field, const QString& text)
    {
        QApplication::clipboard()->setText(text);
        field->selectAll();
        field->paste();
    }
    /// Who signed in last with what, as the server reads RFC 6749 §2.3.1; empty: nobody tried.
    QStringList told() const
    {
        QStringList found;
        for (const client::FakeRequest& request : desk.workspace.server.requests) {
            if (request.path() != "/oauth/token")
                continue;
            const QByteArray basic = request.header("Authorization");
            found.clear();
            for (const QByteArray& part : QByteArray::fromBase64(basic.mid(6)).split(':'))
                found << QString::fromUtf8(QByteArray::fromPercentEncoding(QByteArray(part).replace('+', ' ')));
        }
        return found;
    }
};

} // namespace

class TestSignIn : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPastedKeyIsUsedWithoutWhatIsAroundIt_data()
    {
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<QString>("used");
        const auto row = [](const char* name, const char* pasted, const char* used) {
            QTest::newRow(name) << QString::fromUtf8(pasted) << QString::fromUtf8(used);
        };
        row("as it is", "s3cr_et-", "s3cr_et-");
        row("a line feed behind it", "s3cret\n", "s3cret");
        row("CR LF behind it", "s3cret\r\n", "s3cret");
        row("a blank before it", " s3cret", "s3cret");
        row("a tab before it", "\ts3cret", "s3cret");
        row("a no-break space", "\u00a0s3cret\u00a0", "s3cret");
        row("a zero-width space", "\u200bs3cret\u200b", "s3cret");
        row("a byte order mark", "\ufeffs3cret", "s3cret");
        row("direction marks", "\u202as3cret\u202c", "s3cret");
        row("quotes", "\"s3cret\"", "s3cret");
        row("typographic quotes and a line break", "“s3cret”\r\n", "s3cret");
        row("lines before and behind it", "\n\n s3cret\n\n", "s3cret");
        row("a blank inside is kept", "s3 cret", "s3 cret");
        row("a zero-width space inside is kept", "s3\u200bcret", "s3\u200bcret");
        row("a colon, a percent sign and a plus", "a:b%41+c", "a:b%41+c");
        row("letters of any script", "비밀ß", "비밀ß");
    }
    void aPastedKeyIsUsedWithoutWhatIsAroundIt()
    {
        QFETCH(QString, pasted);
        QFETCH(QString, used);
        SigningIn in;
        QVERIFY(in.isThere());
        SigningIn::paste(in.userField, u"\u200b " + user + u"\n");
        SigningIn::paste(in.keyField, pasted);
        defaultButton(in.dialog)->click();
        QVERIFY(in.desk.loaded());
        QCOMPARE(in.told(), (QStringList{user, used}));
        QCOMPARE(in.desk.window->session()->connection().email, user);
        QTRY_COMPARE(in.desk.vault.kept.size(), 1U);
        QCOMPARE(QString::fromStdString(in.desk.vault.kept.begin()->second.reveal()), used);
    }

    /// A header with a line break in it would be two: whatever lies inside a key is encoded.
    void noLineBreakReachesAHeader_data()
    {
        QTest::addColumn<QString>("pasted");
        QTest::newRow("LF") << QStringLiteral("s3\ncret");
        QTest::newRow("CR LF and another header") << QStringLiteral("s3cret\r\nX-Injected: yes\r\n\r\nGET / HTTP/1.1");
        QTest::newRow("CR") << QStringLiteral("s3\rcret");
        QTest::newRow("a line separator") << QStringLiteral("s3\u2028cret");
    }
    void noLineBreakReachesAHeader()
    {
        QFETCH(QString, pasted);
        SigningIn in;
        QVERIFY(in.isThere());
        SigningIn::paste(in.userField, user + u"\r\nX-Injected: yes");
        SigningIn::paste(in.keyField, pasted);
        defaultButton(in.dialog)->click();
        QTRY_VERIFY(!in.told().isEmpty());
        for (const client::FakeRequest& request : in.desk.workspace.server.requests) {
            QCOMPARE(request.header("X-Injected"), QByteArray());
            const QByteArray authorization = request.header("Authorization");
            QVERIFY2(!authorization.contains('\r') && !authorization.contains('\n'), authorization.constData());
        }
        QVERIFY(in.told().value(1).startsWith(u"s3"));
    }

    void whatIsInvisibleAloneIsNoKey_data()
    {
        QTest::addColumn<QString>("pasted");
        QTest::newRow("nothing") << QString();
        QTest::newRow("blanks") << QStringLiteral("   ");
        QTest::newRow("a line break") << QStringLiteral("\r\n");
        QTest::newRow("marks") << QStringLiteral("\ufeff\u200b\u00a0");
        QTest::newRow("empty quotes") << QStringLiteral("\"\"");
    }
    void whatIsInvisibleAloneIsNoKey()
    {
        QFETCH(QString, pasted);
        SigningIn in;
        QVERIFY(in.isThere());
        SigningIn::paste(in.userField, user);
        SigningIn::paste(in.keyField, QStringLiteral("s3cret"));
        QVERIFY(defaultButton(in.dialog)->isEnabled());
        in.keyField->clear();
        SigningIn::paste(in.keyField, pasted);
        QVERIFY(!defaultButton(in.dialog)->isEnabled());
        QVERIFY(!defaultButton(in.dialog)->toolTip().isEmpty());
        QTest::keyClick(in.keyField, Qt::Key_Return);
        QVERIFY(in.dialog->isVisible());
        QVERIFY(in.told().isEmpty());
    }
};

QTEST_MAIN(TestSignIn)
#include "tst_signin.moc"
