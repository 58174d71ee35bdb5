#include "tests/ui/pages/desk.h"
#include "ui/look/messageline.h"
#include "ui/look/navigationlist.h"
#include "ui/pages/connectiondialog.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/networkchoices.h"
#include "ui/pages/signindialog.h"
#include "ui/pages/switcher.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

struct AddressCase {
    const char* name;
    ConnectionKind kind;
    QString typed;
    QString url;   ///< as kept; empty: refused
    QString error; ///< part of what is said
};

const AddressCase addressCases[] = {
    {"a server",
     ConnectionKind::Server,
     QStringLiteral("https://iot.company.example/"),
     QStringLiteral("https://iot.company.example"),
     {}},
    {"a server below a path",
     ConnectionKind::Server,
     QStringLiteral("https://gw.example/iot/"),
     QStringLiteral("https://gw.example/iot"),
     {}},
    {"a host alone is asked with https",
     ConnectionKind::Server,
     QStringLiteral("iot.company.example"),
     QStringLiteral("https://iot.company.example"),
     {}},
    {"this computer alone with http",
     ConnectionKind::Server,
     QStringLiteral("localhost:8787"),
     QStringLiteral("http://localhost:8787"),
     {}},
    {"an endpoint without its scheme",
     ConnectionKind::Endpoint,
     QStringLiteral("gw.example/data/out/weather"),
     QStringLiteral("https://gw.example/data/out/weather"),
     {}},
    {"half a scheme", ConnectionKind::Server, QStringLiteral("https:/"), {}, QStringLiteral("https://")},
    {"another scheme", ConnectionKind::Server, QStringLiteral("ftp://iot.company.example"), {}, QStringLiteral("http")},
    {"a secret in the address", ConnectionKind::Server, QStringLiteral("https://u:p@iot.company.example"), {}, {}},
    {"an endpoint",
     ConnectionKind::Endpoint,
     QStringLiteral("https://gw.example/data/out/weather?limit=1"),
     QStringLiteral("https://gw.example/data/out/weather"),
     {}},
    {"an endpoint's stream",
     ConnectionKind::Endpoint,
     QStringLiteral("https://gw.example/data/out/weather/stream"),
     QStringLiteral("https://gw.example/data/out/weather"),
     {}},
    {"no endpoint", ConnectionKind::Endpoint, QStringLiteral("https://gw.example/weather"), {}, QStringLiteral("/data/out/")},
};

/// A connection to the fake workspace that is in the list and has its key in the vault.
QString listed(Desk& desk, Environment environment = Environment::Test)
{
    ConnectionInfo connection = desk.workspace.connection(environment);
    connection.kind = ConnectionKind::Server;
    connection.name = QStringLiteral("plant");
    const QString id = desk.connections.save(connection);
    desk.vault.kept[QStringLiteral("connection/") + id] = client::Secret("SENTINELkey");
    return id;
}

const MessageLine* lineWith(const QWidget* parent, const QString& part)
{
    for (const MessageLine* line : parent->findChildren<MessageLine*>()) {
        if (line->isVisible() && line->text().contains(part))
            return line;
    }
    return nullptr;
}

} // namespace

class TestConnections : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreReadAsTheyAreMeant_data()
    {
        QTest::addColumn<int>("at");
        for (int i = 0; i < int(std::size(addressCases)); ++i)
            QTest::newRow(addressCases[i].name) << i;
    }
    void addressesAreReadAsTheyAreMeant()
    {
        QFETCH(int, at);
        const AddressCase& c = addressCases[at];
        ConnectionFields fields;
        fields.kind = c.kind;
        fields.url = c.typed;
        fields.user = c.kind == ConnectionKind::Server ? QStringLiteral("kim@company.example") : QString();
        const ConnectionCheck check = checkConnection(fields);
        QCOMPARE(check.connection.has_value(), !c.url.isEmpty());
        if (check.connection)
            QCOMPARE(check.connection->url.toString(), c.url);
        QVERIFY2(check.urlError.contains(c.error), qPrintable(check.urlError));
        QCOMPARE(check.urlError.isEmpty(), !c.url.isEmpty());
    }

    void aPastedKeyLosesWhatIsInvisibleAroundIt()
    {
        ConnectionFields fields;
        fields.url = QStringLiteral("https://iot.company.example");
        fields.user = QStringLiteral(" kim@company.example\n");
        fields.key = QString::fromUtf8("\xEF\xBB\xBF \"s3cr3t\"\r\n");
        const ConnectionCheck check = checkConnection(fields);
        QVERIFY(check.connection);
        QCOMPARE(check.connection->email, QStringLiteral("kim@company.example"));
        QCOMPARE(check.connection->key.reveal(), std::string("s3cr3t"));
    }

    void theListComesBackWithoutASecretInTheSettings()
    {
        Desk desk;
        ConnectionInfo connection = desk.workspace.connection(Environment::Production);
        connection.kind = ConnectionKind::Server;
        connection.pinned = QByteArray(32, 'x');
        const QString id = desk.connections.save(connection);
        desk.settings.sync();
        QFile file(desk.settings.fileName());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("SENTINEL"));
        Connections again(desk.settings, desk.vault);
        QCOMPARE(again.all().size(), std::size_t(1));
        QCOMPARE(again.find(id)->environment, Environment::Production);
        QCOMPARE(again.find(id)->pinned, QByteArray(32, 'x'));
        QVERIFY(again.find(id)->key.isEmpty());
    }

    void tabGoesDownTheFieldsAsTheyAreRead()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.window->switcher().addAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        QStringList names;
        for (const QWidget* at = dialog->nextInFocusChain(); at != dialog; at = at->nextInFocusChain()) {
            const bool isField = qobject_cast<const QLineEdit*>(at) || qobject_cast<const QComboBox*>(at);
            if (isField && at->window() == dialog && at->isVisible())
                names << at->accessibleName();
        }
        QCOMPARE(names.join(u','), QStringLiteral("Connect to,Address,Name (optional),Environment,E-mail address,Access key"));
    }

    void aServerIsAddedAndItsKeyGoesIntoTheVault()
    {
        Desk desk;
        QVERIFY(desk.loaded());
        desk.window->switcher().addAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        const auto field = [dialog](const QString& name) {
            for (auto* edit : dialog->findChildren<QLineEdit*>()) {
                if (edit->accessibleName().startsWith(name))
                    return edit;
            }
            return static_cast<QLineEdit*>(nullptr);
        };
        QVERIFY(!defaultButton(dialog)->isEnabled());
        field(QStringLiteral("Address"))->setText(desk.workspace.server.url().toString());
        field(QStringLiteral("Name"))->setText(QStringLiteral("plant"));
        field(QStringLiteral("E-mail"))->setText(QStringLiteral("owner@localhost"));
        field(QStringLiteral("Access key"))->setText(QStringLiteral("SENTINELkey"));
        defaultButton(dialog)->click();
        QTRY_COMPARE(desk.window->session()->connection().name, QStringLiteral("plant"));
        QVERIFY(desk.loaded());
        QTRY_VERIFY(desk.window->windowTitle().contains(QStringLiteral("[test]")));
        QCOMPARE(desk.vault.kept.size(), std::size_t(1));
        QCOMPARE(desk.connections.last(), desk.window->session()->connection().id);
    }

    void withoutAKeychainTheKeyIsForThisSessionAndThatIsSaid()
    {
        Desk desk;
        desk.vault.refusal = Error{Problem::Unavailable, "No keychain (Secret Service) runs on this computer."};
        const QString id = listed(desk);
        desk.window->switcher().choose(id);
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::SignInNeeded);
        desk.window->switcher().askSignIn();
        auto* dialog = desk.dialog<SignInDialog>();
        QVERIFY(dialog);
        for (auto* edit : dialog->findChildren<QLineEdit*>()) {
            if (edit->echoMode() == QLineEdit::Password)
                edit->setText(QStringLiteral("SENTINELkey"));
        }
        defaultButton(dialog)->click();
        QVERIFY(desk.loaded());
        QTRY_VERIFY(lineWith(desk.window.get(), QStringLiteral("for this session only")));
        desk.settings.sync();
        QFile file(desk.settings.fileName());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("SENTINEL"));
        // Back and forth in the same session: not asked again.
        desk.window->switcher().choose(id);
        QVERIFY(desk.loaded());
        // At the next start it is.
        Connections next(desk.settings, desk.vault);
        std::optional<Expected<client::Secret>> key;
        next.readSecret(Connections::keyOf(id), this, [&](Expected<client::Secret> read) { key = read; });
        QTRY_VERIFY(key);
        QVERIFY(!*key);
    }

    void theKeyOfTheVaultSignsInByItself()
    {
        Desk desk;
        desk.window->switcher().choose(listed(desk));
        QVERIFY(desk.loaded());
        QCOMPARE(desk.window->session()->state().phase, Phase::Running);
    }

    void signingOutForgetsTheKeyEverywhere()
    {
        Desk desk;
        desk.window->switcher().choose(listed(desk));
        QVERIFY(desk.loaded());
        QVERIFY(desk.window->switcher().signOutAction()->isEnabled());
        desk.window->switcher().signOutAction()->trigger();
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::SignInNeeded);
        QTRY_VERIFY(desk.vault.kept.empty());
        QVERIFY(lineWith(desk.window.get(), QStringLiteral("Sign in as owner@localhost")));
    }

    void aRemovedConnectionTakesItsKeyWithIt()
    {
        Desk desk;
        desk.window->switcher().choose(listed(desk));
        QVERIFY(desk.loaded());
        desk.window->switcher().changeAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        buttonNamed(dialog, QStringLiteral("Remove\u2026"))->click();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        defaultButton(question)->click();
        QTRY_VERIFY(desk.vault.kept.empty());
        QVERIFY(desk.connections.all().empty());
    }

    void aLockedKeychainIsToldWhenAKeyStays()
    {
        Desk desk;
        const QString id = listed(desk);
        desk.vault.refusal = Error{Problem::Forbidden, "The keychain stayed locked."};
        std::optional<Expected<void>> removed;
        desk.connections.remove(id, this, [&](Expected<void> done) { removed = done; });
        QTRY_VERIFY(removed);
        QVERIFY(!*removed);
        QVERIFY(desk.connections.all().empty());
    }

    void anEndpointByUrlShowsItsDataAlone()
    {
        Desk desk;
        const auto done =
            desk.window->switcher().chooseUrl(desk.workspace.server.url(QStringLiteral("/data/out/seattle")).toString());
        QVERIFY(done.has_value());
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::Running);
        QCOMPARE(outputsOf(desk.endpoints()->table()), QStringLiteral("seattle"));
        QVERIFY(!desk.access());
        QVERIFY(!desk.endpoints()->newAction()->isEnabled());
        QVERIFY(desk.endpoints()->newAction()->toolTip().contains(QStringLiteral("only reads one endpoint")));
    }

    void aKeyIsNotSentToAnotherPlace()
    {
        Desk desk;
        const QString id = listed(desk);
        desk.window->switcher().choose(id);
        QVERIFY(desk.loaded());
        FakeWorkspace other;
        desk.window->switcher().changeAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        for (auto* edit : dialog->findChildren<QLineEdit*>()) {
            if (edit->accessibleName() == QStringLiteral("Address"))
                edit->setText(other.server.url().toString());
        }
        defaultButton(dialog)->click();
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::SignInNeeded);
        QCOMPARE(other.server.requests.size(), qsizetype(0));
        desk.window->switcher().choose({});
        desk.window->connectTo(desk.workspace.connection()); // before “other” goes
    }

    void networkSettingsAreKeptAndJudged()
    {
        Desk desk;
        NetworkChoices choices;
        choices.proxy = NetworkChoices::Proxy::Http;
        QVERIFY(!choices.settings());
        choices.proxyHost = QStringLiteral("proxy.example");
        choices.store(desk.settings);
        QCOMPARE(NetworkChoices::load(desk.settings), choices);
        const auto settings = choices.settings();
        QVERIFY(settings.has_value());
        QCOMPARE(settings->proxies(QNetworkProxyQuery(QUrl(QStringLiteral("https://iot.example")))).first().hostName(),
                 QStringLiteral("proxy.example"));
        choices.authoritiesFile = QStringLiteral("/nowhere.pem");
        QCOMPARE(choices.settings().error().field, std::string("authorities"));
    }
};

QTEST_MAIN(TestConnections)
#include "tst_connections.moc"
