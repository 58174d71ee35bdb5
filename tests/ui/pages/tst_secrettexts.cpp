// No token and no key in what the window shows, keeps or gives away (secrets-1, secrets-2): each test has made sure first that
// there is a live token that could have been.
#include "tests/ui/pages/surfaces.h"
#include "ui/look/copybutton.h"
#include "ui/pages/endpointdetails.h"
#include "ui/pages/tryitpane.h"

#include <QClipboard>

using namespace iotman;
using namespace iotman::ui;

namespace {

void addModelTexts(QStringList& texts, const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex index = model.index(row, column, parent);
            for (const int role : {Qt::DisplayRole, Qt::EditRole, Qt::ToolTipRole, Qt::AccessibleTextRole})
                texts << index.data(role).toString();
        }
        addModelTexts(texts, model, model.index(row, 0, parent));
    }
}

/// Whatever a person, a screen reader or a screenshot gets to read, hidden pages included.
QStringList textsOf(QWidget* window)
{
    QStringList texts{window->windowTitle()};
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        texts << widget->windowTitle() << widget->toolTip() << widget->statusTip() << widget->whatsThis()
              << widget->accessibleName() << widget->accessibleDescription();
        for (const char* property : {"text", "plainText", "currentText", "title", "displayText"})
            texts << widget->property(property).toString();
    }
    for (const QAction* action : window->findChildren<QAction*>())
        texts << action->text() << action->toolTip();
    for (const auto* view : window->findChildren<QAbstractItemView*>()) {
        if (view->model())
            addModelTexts(texts, *view->model());
    }
    for (const auto* button : window->findChildren<CopyButton*>())
        texts << button->copyText();
    texts.removeAll(QString());
    return texts;
}

/// A window whose restricted endpoint was asked as a client: the client's token is live and was used.
struct AskedDesk {
    Desk desk;
    bool isAnswered = false;

    AskedDesk()
    {
        furnish(desk);
        if (!desk.loaded())
            return;
        desk.window->session()->refresh();
        desk.endpoints()->choose(QStringLiteral("new-york"));
        TryItPane* pane = desk.endpoints()->details()->tryIt();
        for (auto* choice : pane->findChildren<QComboBox*>()) {
            const int client = choice->findData(QStringLiteral("grafana"));
            if (client >= 0)
                choice->setCurrentIndex(client);
        }
        QSignalSpy answered(pane, &TryItPane::answered);
        pane->send();
        isAnswered = QTest::qWaitFor([&] { return answered.count() > 0; }, 10'000);
    }
    /// As the server saw it.
    bool wasAskedWithAToken() const
    {
        const QList<client::FakeRequest>& requests = desk.workspace.server.requests;
        return isAnswered && std::any_of(requests.begin(), requests.end(), [](const client::FakeRequest& request) {
                   return request.path() == "/data/out/new-york" && request.header("Authorization").contains("SENTINEL");
               });
    }
    QAction* action(const QString& text)
    {
        for (QAction* each : desk.endpoints()->findChildren<QAction*>()) {
            if (QString(each->text()).remove(u'&') == text)
                return each;
        }
        return nullptr;
    }
};

} // namespace

class TestSecretTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noTextOfTheWindowHasASecret()
    {
        AskedDesk asked;
        QVERIFY(asked.wasAskedWithAToken());
        for (const PageId page : {PageId::Endpoints, PageId::Outputs, PageId::Access, PageId::Cors})
            asked.desk.window->showPage(page);
        const QStringList texts = textsOf(asked.desk.window.get());
        QVERIFY(texts.filter(QStringLiteral("100 items, more follow")).size() > 0); // the answer is among them
        QVERIFY(texts.filter(QStringLiteral("new-york")).size() > 0);
        QCOMPARE(texts.filter(QStringLiteral("SENTINEL")), QStringList());
    }

    void noFileOfTheSettingsHasASecret()
    {
        AskedDesk asked;
        QVERIFY(asked.wasAskedWithAToken());
        asked.desk.window.reset(); // it keeps what it keeps at the end
        asked.desk.settings.sync();
        QDirIterator files(asked.desk.folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int read = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
            const QByteArray content = file.readAll();
            QVERIFY(!content.isEmpty() && !content.contains("SENTINEL"));
            ++read;
        }
        QVERIFY(read > 0);
    }

    void whatIsCopiedHasNoSecret_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("holds");
        QTest::newRow("the URL") << QStringLiteral("Copy URL") << QStringLiteral("/data/out/new-york");
        QTest::newRow("the stream's URL") << QStringLiteral("Copy stream URL") << QStringLiteral("/data/out/new-york/stream");
        QTest::newRow("the events' URL") << QStringLiteral("Copy events URL") << QStringLiteral("/data/out/new-york/events");
        QTest::newRow("rows as text") << QStringLiteral("Copy rows as text") << QStringLiteral("New York");
        QTest::newRow("rows as CSV") << QStringLiteral("Copy rows as CSV") << QStringLiteral("New York");
    }
    void whatIsCopiedHasNoSecret()
    {
        QFETCH(QString, action);
        QFETCH(QString, holds);
        AskedDesk asked;
        QVERIFY(asked.wasAskedWithAToken());
        QAction* copy = asked.action(action);
        QVERIFY(copy && copy->isEnabled());
        QApplication::clipboard()->clear();
        copy->trigger();
        const QString copied = QApplication::clipboard()->text();
        QVERIFY2(copied.contains(holds), qPrintable(copied));
        QVERIFY2(!copied.contains(u"SENTINEL") && !copied.contains(u"access_token"), qPrintable(copied));
    }

    void theNextPageIsCopiedWithoutASecret()
    {
        AskedDesk asked;
        QVERIFY(asked.wasAskedWithAToken());
        const CopyButton* whole = nullptr;
        for (const auto* button : asked.desk.endpoints()->details()->tryIt()->findChildren<CopyButton*>()) {
            if (button->copyText().contains(u"next_page"))
                whole = button;
        }
        QVERIFY(whole);
        const QJsonObject page = QJsonDocument::fromJson(whole->copyText().toUtf8()).object();
        const QUrl next(page[u"next_page"].toString());
        QVERIFY2(next.path() == u"/data/out/new-york" && next.hasQuery(), qPrintable(next.toString()));
        QVERIFY(!whole->copyText().contains(u"SENTINEL") && !whole->copyText().contains(u"access_token"));
        // It is followed with the token all the same.
        const auto asking = [&] { return asked.desk.workspace.server.count("/data/out/new-york"); };
        const qsizetype before = asking();
        QAbstractButton* button = buttonNamed(asked.desk.endpoints()->details()->tryIt(), QStringLiteral("Next page"));
        QVERIFY(button);
        button->click();
        QTRY_COMPARE(asking(), before + 1);
        const client::FakeRequest& followed = asked.desk.workspace.server.requests.last();
        QVERIFY2(!followed.target.contains("SENTINEL"), followed.target.constData());
        QVERIFY(followed.header("Authorization").contains("SENTINEL"));
    }
};

QTEST_MAIN(TestSecretTexts)
#include "tst_secrettexts.moc"
