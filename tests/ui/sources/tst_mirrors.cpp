// Mirrors on the page Sources, over a real server that mirrors another one.
#include "tests/ui/workspace/realdesk.h"
#include "ui/look/messageline.h"
#include "ui/pages/pagetable.h"
#include "ui/sources/mirrorform.h"
#include "ui/sources/mirrorline.h"
#include "ui/sources/sourcedialog.h"
#include "ui/sources/sourcespage.h"

#include <QStandardItemModel>

using namespace iotman;
using namespace iotman::ui;

namespace {

/// The server that is mirrored: one public endpoint, and one for a client whose secret is `secret`.
struct FarServer {
    static constexpr const char* secret = "far-secret-0123456789";

    SystemClock clock;
    SystemRandom random;
    QTemporaryDir folder;
    std::unique_ptr<server::Service> service;

    FarServer()
    {
        QFile file(folder.filePath(QStringLiteral("far.json")));
        if (file.open(QIODevice::WriteOnly))
            file.write(R"({"iotman": 1, "scopes": [{"name": "a:b"}], "sources": [{"name": "s", "kind": "http"}],
 "outputs": [{"name": "o", "rule": "$"}],
 "endpoints": [{"id": "open", "output": "o"}, {"id": "closed", "output": "o", "required_scope": "a:b"}],
 "clients": [{"id": "me", "name": "Me", "scopes": ["a:b"], "secret": {"hash": ")" +
                       QByteArray::fromStdString(secretHash(secret)) + "\"}}]}");
        file.close();
        server::ServiceOptions options;
        options.program = "test";
        options.listen = {{"127.0.0.1", 0, false}};
        options.workers = 1;
        options.ownerKey = random.secret();
        options.workspaceFile = file.fileName().toStdString();
        service = server::Service::start(std::move(options), clock, random).value();
    }
    QString url(const char* path) const { return QString::fromStdString(service->urls().front()) + QLatin1String(path); }
};

/// With single quotes for double ones.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

QString faultsOf(const QWidget& parent)
{
    QStringList faults;
    for (const MessageLine* line : parent.findChildren<MessageLine*>()) {
        if (line->isVisibleTo(&parent))
            faults << line->text();
    }
    return faults.join(u'\n');
}

struct MirrorDesk : RealDesk {
    SourcesPage* page = nullptr;

    MirrorDesk()
    {
        page = new SourcesPage(session(), settings);
        window->addPage(PageId::Sources, page);
        window->showPage(PageId::Sources);
    }
    bool says(const QString& text) const
    {
        return QTest::qWaitFor([&] { return page->mirrorLine()->isVisible() && page->mirrorLine()->text().contains(text); }, patience);
    }
    std::optional<Source> source(const std::string& name) const
    {
        for (const SourceView& view : session().sources()) {
            if (view.source.name.text == name)
                return view.source;
        }
        return std::nullopt;
    }
};

} // namespace

class TestMirrors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsTypedBecomesSettings()
    {
        MirrorForm form;
        form.url()->setText(QStringLiteral(" https://far.example/x/data/out/w "));
        QCOMPARE(jsonText(form.settings({{"retention", {{"count", 5}}}})),
                 json("{'retention':{'count':5},'url':'https://far.example/x/data/out/w'}"));
        form.needsToken()->setChecked(true);
        QCOMPARE(form.tokenEndpoint()->text(), QStringLiteral("https://far.example/x/oauth/token"));
        QCOMPARE(form.secret()->echoMode(), QLineEdit::Password);
        form.client()->setText(QStringLiteral("me"));
        form.secret()->setText(QStringLiteral(" s3cret\n"));
        QCOMPARE(jsonText(form.settings(Json::object())),
                 json("{'url':'https://far.example/x/data/out/w','token_endpoint':'https://far.example/x/oauth/token',"
                             "'client_id':'me','secret':{'value':'s3cret'}}"));
    }

    void aSecretThatIsSetStaysUnlessOneIsTyped()
    {
        const Json stored{{"url", "https://far.example/data/out/w"},
                          {"token_endpoint", "https://far.example/t"},
                          {"client_id", "me"},
                          {"secret", {{"set", true}}}};
        MirrorForm form;
        form.setSettings(stored);
        QVERIFY(form.needsToken()->isChecked());
        QVERIFY(form.secret()->text().isEmpty());
        QCOMPARE(form.settings(stored), stored);
        form.secret()->setText(QStringLiteral("other"));
        QCOMPARE(jsonText(form.settings(stored)["secret"]), json("{'value':'other'}"));
        form.needsToken()->setChecked(false);
        QCOMPARE(jsonText(form.settings(stored)), json("{'url':'https://far.example/data/out/w'}"));
    }

    void aTrustedIssuerIsProposedBesideTheEndpoint()
    {
        MirrorForm form;
        form.url()->setText(QStringLiteral("https://far.example/x/data/out/w"));
        QVERIFY(!form.issuer()->isVisibleTo(&form));
        form.trustsIssuer()->click();
        QVERIFY(form.issuer()->isVisibleTo(&form));
        QCOMPARE(form.issuer()->text(), QStringLiteral("https://far.example/x"));
        QCOMPARE(form.keys()->text(), QStringLiteral("https://far.example/x/.well-known/jwks.json"));
        form.audience()->setText(QStringLiteral(" far "));
        const Json made = form.settings(Json::object());
        QCOMPARE(jsonText(made),
                 json("{'url':'https://far.example/x/data/out/w','trusted_issuer':{'issuer':'https://far.example/x','audience':'far',"
                      "'jwks_uri':'https://far.example/x/.well-known/jwks.json'}}"));
        MirrorForm again;
        again.setSettings(made);
        QVERIFY(again.trustsIssuer()->isChecked());
        QCOMPARE(again.settings(made), made);
        again.trustsIssuer()->click();
        QVERIFY(!again.settings(made).contains("trusted_issuer"));
        again.trustsIssuer()->click(); // what stands there is not replaced
        QCOMPARE(again.settings(made), made);
    }

    void whatIsMissingIsAskedForAndWhatIsWrongIsSaid()
    {
        const MirrorDesk desk;
        QVERIFY(desk.loaded());
        desk.page->newAction()->trigger();
        auto* dialog = desk.dialog<SourceDialog>();
        QVERIFY(dialog);
        dialog->chooseKind(SourceKind::Mirror);
        dialog->nameField()->setText(QStringLiteral("m"));
        auto* form = qobject_cast<MirrorForm*>(dialog->form());
        QVERIFY(form);
        QCOMPARE(faultsOf(*dialog), QString());
        QCOMPARE(dialog->saveButton()->toolTip(), QStringLiteral("Still missing: URL of the endpoint."));
        form->url()->setText(QStringLiteral("far.example"));
        QVERIFY(faultsOf(*dialog).startsWith(QStringLiteral("Expected an endpoint's address")));
        form->url()->setText(QStringLiteral("http://far.example/data/out/w"));
        QCOMPARE(faultsOf(*dialog), QString());
        QVERIFY(dialog->saveButton()->isEnabled());
        form->needsToken()->setChecked(true);
        QCOMPARE(faultsOf(*dialog), QStringLiteral("Expected https, since the secret is sent there."));
        form->tokenEndpoint()->setText(QStringLiteral("https://far.example/t"));
        QCOMPARE(dialog->saveButton()->toolTip(), QStringLiteral("Still missing: Client ID."));
        form->client()->setText(QStringLiteral("me"));
        QCOMPARE(dialog->saveButton()->toolTip(), QStringLiteral("Still missing: Secret."));
        form->secret()->setText(QStringLiteral("s3cret"));
        QCOMPARE(faultsOf(*dialog), QStringLiteral("Expected https, since a token is sent there."));
        form->url()->setText(QString::fromStdString(desk.service->urls().front()) + QStringLiteral("/data/out/w"));
        QVERIFY2(dialog->saveButton()->isEnabled(), qPrintable(dialog->saveButton()->toolTip()));
        dialog->saveButton()->click();
        QVERIFY(QTest::qWaitFor([&] { return !faultsOf(*dialog).isEmpty(); }, RealDesk::patience));
        QCOMPARE(faultsOf(*dialog), QStringLiteral("This is an endpoint of this very server: what it has is here already."));
    }

    void aMirrorIsMadeChangedAndFollowed()
    {
        const FarServer far;
        const MirrorDesk desk;
        QVERIFY(desk.loaded());
        desk.page->newAction()->trigger();
        auto* dialog = desk.dialog<SourceDialog>();
        QVERIFY(dialog);
        dialog->chooseKind(SourceKind::Mirror);
        dialog->nameField()->setText(QStringLiteral("m"));
        auto* form = qobject_cast<MirrorForm*>(dialog->form());
        form->url()->setText(far.url("/data/out/closed"));
        form->needsToken()->setChecked(true);
        form->client()->setText(QStringLiteral("me"));
        form->secret()->setText(QStringLiteral("not-the-right-one"));
        QVERIFY2(dialog->saveButton()->isEnabled(), qPrintable(dialog->saveButton()->toolTip()));
        dialog->saveButton()->click();
        QVERIFY(QTest::qWaitFor([&] { return desk.source("m").has_value(); }, RealDesk::patience));
        QCOMPARE(jsonText(desk.source("m")->settings["secret"]), json("{'set':true}"));
        desk.page->choose(QStringLiteral("m"));
        QVERIFY(desk.says(QStringLiteral("The sign-in is not accepted.")));

        desk.page->changeAction()->trigger();
        auto* change = desk.dialog<SourceDialog>();
        QVERIFY(change);
        auto* changed = qobject_cast<MirrorForm*>(change->form());
        QVERIFY(changed && changed->secret()->text().isEmpty());
        changed->secret()->setText(QLatin1String(FarServer::secret));
        changed->trustsIssuer()->click();
        QTRY_VERIFY(changed->keys()->height() >= changed->keys()->sizeHint().height());
        QVERIFY(change->rect().contains(change->saveButton()->geometry()));
        QVERIFY(changed->rect().contains(changed->keys()->geometry()));
        QCOMPARE(changed->keys()->text(), far.url("/.well-known/jwks.json"));
        QCOMPARE(change->saveButton()->toolTip(), QStringLiteral("Still missing: Audience."));
        changed->audience()->setText(QStringLiteral("far"));
        changed->keys()->setText(QStringLiteral("http://far.example/jwks"));
        QCOMPARE(faultsOf(*change), QStringLiteral("Expected https, since whose tokens are trusted hangs on it."));
        changed->keys()->setText(far.url("/.well-known/jwks.json"));
        change->saveButton()->click();
        QVERIFY(desk.says(QStringLiteral("Live")));
        QVERIFY(desk.says(QStringLiteral("Tokens of its issuer are taken")));
    }

    void onlyAdminsAreOfferedMirrors()
    {
        const FarServer far;
        MirrorDesk desk;
        QVERIFY(desk.loaded());
        SourceDraft draft{SourceName{"m"}, SourceKind::Mirror, {{"url", far.url("/data/out/open").toStdString()}}, {}, {}, true};
        bool isMade = false;
        desk.session().management().createSource(draft, desk.page, [&](const Expected<SourceView>& made) { isMade = made.has_value(); });
        QVERIFY(QTest::qWaitFor([&] { return isMade; }, RealDesk::patience));
        QVERIFY(desk.becomes(Role::Editor));
        QVERIFY(QTest::qWaitFor([&] { return desk.source("m").has_value(); }, RealDesk::patience));
        const auto saysWhy = [&] {
            desk.page->choose(QStringLiteral("m"));
            return desk.page->changeAction()->toolTip().contains(QStringLiteral("Requires Admin role."));
        };
        QVERIFY(QTest::qWaitFor(saysWhy, RealDesk::patience));
        QVERIFY(!desk.page->changeAction()->isEnabled());
        desk.page->newAction()->trigger();
        auto* dialog = desk.dialog<SourceDialog>();
        QVERIFY(dialog);
        const auto* items = qobject_cast<QStandardItemModel*>(dialog->kinds()->model());
        const int row = dialog->kinds()->findData(static_cast<int>(SourceKind::Mirror));
        QVERIFY(items && row >= 0);
        QVERIFY(!items->item(row)->isEnabled());
        QCOMPARE(items->item(row)->toolTip(), QStringLiteral("Requires Admin role."));
    }
};

QTEST_MAIN(TestMirrors)
#include "tst_mirrors.moc"
