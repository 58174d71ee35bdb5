// The contract lab: what is entered, what is found, and how it is shown, copied and saved.
#include "tests/ui/workspace/realdesk.h"
#include "ui/look/messageline.h"
#include "ui/workspace/contractdetails.h"
#include "ui/workspace/contractdialog.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

QByteArray servedFile()
{
    return R"({"iotman": 1, "scopes": [{"name": "a:b"}, {"name": "a:c"}],
 "sources": [{"name": "in", "kind": "http", "time": "$.t"}, {"name": "beat", "kind": "generator", "settings": {"seed": 1, "interval": 0.3, "signals": [{"name": "v", "kind": "ramp", "min": 0, "max": 1, "period": 5}]}}],
 "outputs": [{"name": "all", "sources": ["in"], "rule": "$"}],
 "endpoints": [{"id": "open", "output": "all"}, {"id": "closed", "output": "all", "required_scope": "a:b"}],
 "clients": [{"id": "c", "name": "C", "scopes": ["a:b", "a:c"], "secret": {"env": "C_SECRET"}}]})";
}

ContractFields typed(const QString& url, const QString& client = {}, const QString& secret = {})
{
    ContractFields fields;
    fields.url = url;
    fields.client = client;
    fields.secret = secret;
    fields.pause = 0;
    return fields;
}

lab::Finding finding(const char* name, const lab::Said& there, const lab::Said& here)
{
    return {name, {there, {}}, {here, {}}};
}

/// Rows by lines, columns by bars.
QString printed(const QAbstractItemModel& model)
{
    QString text;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(row, column);
            const QVariant badge = index.data(BadgeRole);
            cells << (badge.isValid() ? badge.value<BadgeSpec>().text : index.data().toString());
        }
        text += cells.join(u'|') + u'\n';
    }
    return text;
}

/// The marked pieces, in brackets.
QString marked(const QString& text, const QString& other)
{
    QString shown = text;
    const auto ranges = differingWords(text, other);
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        shown.insert(range->start + range->length, u']');
        shown.insert(range->start, u'[');
    }
    return shown;
}

/// A desk whose server serves something to ask for.
struct LabDesk : RealDesk {
    QString url;

    bool serves()
    {
        if (!loaded())
            return false;
        const QByteArray hash = "{\"hash\": \"" + QByteArray::fromStdString(secretHash("SENTINELsecret")) + "\"}";
        const QByteArray file = servedFile().replace("{\"env\": \"C_SECRET\"}", hash);
        if (!set(file.toStdString()))
            return false;
        QByteArray rows;
        for (int i = 0; i < 40; ++i)
            rows += "{\"t\":" + QByteArray::number(1000 + i / 4) + ",\"n\":" + QByteArray::number(i) +
                    ",\"big\":12345678901234567890}\n";
        client::HttpRequest post;
        post.method = "POST";
        post.url = QUrl(QString::fromStdString(service->urls().front()) + QStringLiteral("/data/in/in"));
        post.body = rows;
        bool done = false;
        session().network().send(post, window.get(),
                                 [&](const Expected<client::HttpAnswer>& answer) { done = answer && answer->isSuccess(); });
        url = QString::fromStdString(service->urls().front()) + QStringLiteral("/data/out/");
        session().refresh();
        return QTest::qWaitFor([&] { return done && hasEndpoint("open"); }, patience);
    }
    ContractDialog* opened() const
    {
        menu->contractAction()->trigger();
        return dialog<ContractDialog>();
    }
};

bool finishes(const ContractDialog& dialog)
{
    return QTest::qWaitFor([&] { return !dialog.isRunning(); }, 60'000);
}

} // namespace

class TestContractDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsEnteredMakesAPlan_data()
    {
        QTest::addColumn<ContractFields>("fields");
        QTest::addColumn<QString>("outcome"); ///< `endpoint; tokens`, or what is missing
        const QString url = QStringLiteral("https://host/data/out/x");
        QTest::newRow("nothing yet") << typed({}) << QStringLiteral("Type the address of an endpoint first.");
        QTest::newRow("a public endpoint") << typed(url) << QStringLiteral("https://host/data/out/x; ");
        QTest::newRow("its stream's address will do")
            << typed(QStringLiteral(" https://host/data/out/x/stream ")) << QStringLiteral("https://host/data/out/x; ");
        QTest::newRow("a client") << typed(url, QStringLiteral("c"), QStringLiteral("s"))
                                  << QStringLiteral("https://host/data/out/x; https://host/oauth/token");
        QTest::newRow("below a path") << typed(QStringLiteral("https://host/iot/data/out/x"), QStringLiteral("c"),
                                               QStringLiteral("s"))
                                      << QStringLiteral("https://host/iot/data/out/x; https://host/iot/oauth/token");
        QTest::newRow("a client without a secret")
            << typed(url, QStringLiteral("c")) << QStringLiteral("A client needs both its id and its secret.");
        ContractFields two = typed(url);
        two.besideAnother = true;
        QTest::newRow("two, of which one is missing") << two << QStringLiteral("Type the other address first.");
        two.otherUrl = QStringLiteral("http://127.0.0.1:8787/data/out/y");
        QTest::newRow("two") << two << QStringLiteral("https://host/data/out/x; ; http://127.0.0.1:8787/data/out/y");
        two.client = two.secret = QStringLiteral("c");
        QTest::newRow("a secret goes to one server only")
            << two
            << QStringLiteral("A secret is for one server only: compare a restricted endpoint beside this program’s server.");
        ContractFields tokens = typed(url, QStringLiteral("c"), QStringLiteral("s"));
        tokens.tokenUrl = QStringLiteral("https://login.example/token");
        QTest::newRow("tokens from elsewhere")
            << tokens << QStringLiteral("https://host/data/out/x; https://login.example/token");
        tokens.tokenUrl = QStringLiteral("login");
        QTest::newRow("an address that is none")
            << tokens << QStringLiteral("Expected an address such as https://host/oauth/token.");
    }
    void whatIsEnteredMakesAPlan()
    {
        QFETCH(ContractFields, fields);
        const ContractCheck check = checkContract(fields);
        QString outcome = check.missing;
        if (check.plan) {
            outcome = QString::fromStdString(check.plan->there.endpoint) + QStringLiteral("; ") +
                      check.plan->there.credentials.tokenEndpoint.toString();
            if (check.plan->here)
                outcome += QStringLiteral("; ") + QString::fromStdString(check.plan->here->endpoint);
        }
        QTEST(outcome, "outcome");
    }

    void findingsAreRowsWithWords()
    {
        const std::vector<lab::Finding> findings{finding("limit=0", "400", "400"), finding("HEAD of a page", "405 x", "200 x"),
                                                 finding("no token", fail(Problem::Unavailable, "no answer"), "401")};
        RowsModel model(findingColumns());
        model.setRows(findingRows(findings));
        QCOMPARE(printed(model),
                 QStringLiteral("Equal|limit=0|400|400\nDifferent|HEAD of a page|405 x|200 x\nUnknown|no token|no answer|401\n"));
        QCOMPARE(findingsSummary(findings), QStringLiteral("1 equal, 1 different, 1 unknown"));
    }

    void whatDiffersIsMarkedWordByWord_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* name, const char* text, const char* other, const char* shown) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(other) << QString::fromUtf8(shown);
        };
        row("the same", "400 a b", "400 a b", "400 a b");
        row("another status", "400 application/json", "404 application/json", "[400] application/json");
        row("one more word", "400 application/json field=limit", "400 application/json", "400 application/json [field=limit]");
        row("one word less", "400 application/json", "400 application/json field=limit", "400 application/json");
        row("nothing in common", "a b", "c", "[a] [b]");
        row("nothing", "", "c", "");
        row("in the middle", "405 Allow: GET, HEAD", "405 Allow: GET, PUT, HEAD", "405 Allow: GET, HEAD");
    }
    void whatDiffersIsMarkedWordByWord()
    {
        QFETCH(QString, text);
        QFETCH(QString, other);
        QTEST(marked(text, other), "shown");
    }

    void aServerOfOursIsEqualAndTheReportIsTheCommandLines()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        QVERIFY(dialog);
        QVERIFY(!dialog->copyButton()->isEnabled());
        dialog->setFields(typed(desk.url + QStringLiteral("open")));
        QVERIFY(dialog->startButton()->isEnabled());
        dialog->startButton()->click();
        QVERIFY(dialog->isRunning());
        QVERIFY(finishes(*dialog));
        const QString table = printed(*dialog->table()->model());
        QVERIFY2(!table.contains(QStringLiteral("Different|")), qPrintable(table));
        QVERIFY2(table.contains(QStringLiteral("Equal|pages of one item where times are equal|")), qPrintable(table));
        dialog->copyButton()->click();
        QCOMPARE(QApplication::clipboard()->text().toStdString(), lab::reportText(dialog->findings()));
        const QString path = desk.folder.filePath(QStringLiteral("contract.xml"));
        QVERIFY(dialog->saveTo(path));
        QFile saved(path);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll().toStdString(),
                 lab::junit(QString(desk.url + QStringLiteral("open")).toStdString(), dialog->findings()));
        QVERIFY(dialog->table()->currentIndex().isValid());
        QVERIFY(dialog->details()->thereText()->toPlainText().contains(QStringLiteral("\u2192 GET ")));
    }

    void aRestrictedEndpointIsAskedAsTheClient()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        dialog->setFields(typed(desk.url + QStringLiteral("closed"), QStringLiteral("c"), QStringLiteral("SENTINELsecret")));
        dialog->begin();
        QVERIFY(finishes(*dialog));
        const QString table = printed(*dialog->table()->model());
        QVERIFY2(!table.contains(QStringLiteral("Different|")), qPrintable(table));
        QVERIFY2(table.contains(QStringLiteral("Equal|a token with another scope|403 Bearer, insufficient_scope")),
                 qPrintable(table));
        for (int row = 0; row < dialog->table()->model()->rowCount(); ++row) {
            dialog->table()->selectRow(row);
            QVERIFY(!dialog->details()->thereText()->toPlainText().contains(QStringLiteral("SENTINEL")));
        }
        QVERIFY(lab::reportText(dialog->findings()).find("SENTINEL") == std::string::npos);
    }

    void aWrongSecretIsALineOfTheDialog()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        dialog->setFields(typed(desk.url + QStringLiteral("closed"), QStringLiteral("c"), QStringLiteral("wrong")));
        dialog->begin();
        QVERIFY(finishes(*dialog));
        QVERIFY(dialog->message()->isVisible());
        QCOMPARE(dialog->message()->kind(), MessageLine::Kind::Error);
        QVERIFY(dialog->findings().empty());
    }

    void twoEndpointsAreComparedBesideEachOther()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        ContractFields fields = typed(desk.url + QStringLiteral("open"));
        fields.besideAnother = true;
        fields.otherUrl = desk.url + QStringLiteral("closed");
        dialog->setFields(fields);
        dialog->begin();
        QVERIFY(finishes(*dialog));
        const QString table = printed(*dialog->table()->model());
        QVERIFY2(table.contains(QStringLiteral("Different|HEAD of a page|200 application/json|401 ")), qPrintable(table));
        // The first difference is chosen and marked.
        QVERIFY(!dialog->details()->thereText()->extraSelections().isEmpty());
        QVERIFY(dialog->details()->thereText()->extraSelections().front().format.fontUnderline());
    }

    void cancellingKeepsWhatWasFound()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        ContractFields fields = typed(desk.url + QStringLiteral("open"));
        fields.pause = 50;
        dialog->setFields(fields);
        dialog->begin();
        QVERIFY(QTest::qWaitFor([&] { return dialog->findings().size() >= 2; }, RealDesk::patience));
        dialog->cancel();
        const std::size_t found = dialog->findings().size();
        QTest::qWait(300);
        QCOMPARE(dialog->findings().size(), found);
        QVERIFY(dialog->copyButton()->isEnabled() && dialog->startButton()->isEnabled());
    }

    void cancellingMakesNobodyWait()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        dialog->setFields(typed(desk.url + QStringLiteral("open")));
        // At once, while its own server is only starting, and again.
        for (int round = 0; round < 3; ++round) {
            dialog->begin();
            QTest::qWait(round * 20);
            QElapsedTimer elapsed;
            elapsed.start();
            dialog->cancel();
            QVERIFY2(elapsed.elapsed() < 100, qPrintable(QString::number(elapsed.elapsed())));
            QVERIFY(!dialog->isRunning());
        }
        dialog->begin();
        QVERIFY(finishes(*dialog));
        QVERIFY(!dialog->findings().empty());
    }

    void closingWhileItRunsIsNoTrouble()
    {
        LabDesk desk;
        QVERIFY(desk.serves());
        auto* dialog = desk.opened();
        dialog->setFields(typed(desk.url + QStringLiteral("open")));
        dialog->begin();
        QTest::qWait(50);
        dialog->close();
        QVERIFY(QTest::qWaitFor([&] { return !desk.window->findChild<ContractDialog*>(); }, RealDesk::patience));
    }
};

QTEST_MAIN(TestContractDialog)
#include "tst_contractdialog.moc"
