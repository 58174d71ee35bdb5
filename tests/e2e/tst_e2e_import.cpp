// Files on their way in through the dialog of the desktop, at a real server.
#include "core/model/clock.h"
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"
#include "ui/pages/session.h"
#include "ui/sources/importdialog.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qsettings.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableWidget>

#include <memory>

using namespace iotman;
using namespace iotman::ui;
using test::request;

namespace {

constexpr int patience = 30'000; // ms; the machine may be busy

QByteArray workspaceOf(const QList<QByteArray>& names)
{
    QByteArrayList sources;
    QByteArrayList outputs;
    QByteArrayList endpoints;
    for (const QByteArray& name : names) {
        sources += "{\"name\": \"" + name + "\", \"kind\": \"http\"}";
        outputs += "{\"name\": \"" + name + "\", \"sources\": [\"" + name + "\"], \"rule\": \"$\"}";
        endpoints += "{\"id\": \"" + name + "\", \"output\": \"" + name + "\"}";
    }
    return "{\"iotman\": 1, \"sources\": [" + sources.join(',') + "], \"outputs\": [" + outputs.join(',') + "], \"endpoints\": [" +
           endpoints.join(',') + "]}";
}

template <class Widget>
Widget* named(QWidget& parent, const QString& name)
{
    for (Widget* widget : parent.findChildren<Widget*>()) {
        if (widget->accessibleName() == name || (qobject_cast<QAbstractButton*>(widget) && QString(widget->property("text").toString()).remove(u'&') == name))
            return widget;
    }
    return nullptr;
}

} // namespace

class TestImport : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QSettings settings_{folder_.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<test::ServerProcess> server_;
    std::unique_ptr<Session> session_;

    QString data() const { return folder_.filePath(QStringLiteral("data")); }

    QString write(const QString& name, const QByteArray& text)
    {
        QFile file(folder_.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a file");
        return file.fileName();
    }

    /// A dialog with a file, before anything is pressed, aimed at a source that is there.
    std::unique_ptr<ImportDialog> opened(const QString& path, const std::string& source)
    {
        SourceView view;
        view.source.name = SourceName{source};
        view.source.kind = SourceKind::Http;
        auto dialog = std::make_unique<ImportDialog>(*session_, std::vector{view}, settings_, QTimeZone::utc());
        dialog->show();
        QSignalSpy previewed(dialog.get(), &ImportDialog::previewed);
        dialog->setFile(path);
        if (previewed.isEmpty() && !previewed.wait(patience))
            return nullptr;
        named<QComboBox>(*dialog, QStringLiteral("Into source"))->setEditText(QString::fromStdString(source));
        return dialog;
    }

    static bool importAll(ImportDialog& dialog)
    {
        QSignalSpy ended(&dialog, &ImportDialog::ended);
        dialog.importButton()->click();
        return !ended.isEmpty() || ended.wait(patience);
    }

    struct Items {
        int count = 0;
        QByteArray text; ///< with their times, newest first, as the pages spell them
    };
    Items itemsOf(const QByteArray& endpoint) const
    {
        Items all;
        QByteArray target = "/data/out/" + endpoint + "?limit=10000&times=1";
        while (!target.isEmpty()) {
            const QByteArray body = request(server_->port(), "GET", target).body;
            const QJsonObject page = QJsonDocument::fromJson(body).object();
            const QUrl next(page.value(u"next_page").toString());
            all.count += static_cast<int>(page.value(u"data").toArray().size());
            all.text += body.left(body.lastIndexOf("\"next_page\""));
            target = next.isEmpty() ? QByteArray() : next.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::FullyEncoded).toUtf8();
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        const QString file = write(QStringLiteral("workspace.json"), workspaceOf({"dialog", "verb"}));
        server_ = std::make_unique<test::ServerProcess>(QStringList{QStringLiteral("--data"), data(), QStringLiteral("--workspace"), file});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        ConnectionInfo connection;
        connection.name = QStringLiteral("test");
        connection.url = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server_->port()));
        connection.email = QStringLiteral("admin@localhost");
        QFile key(QString::fromUtf8(server_->adminKey().mid(QByteArrayLiteral("file:").size())));
        QVERIFY(key.open(QIODevice::ReadOnly));
        connection.key = client::Secret(key.readAll().trimmed().toStdString());
        connection.kind = ConnectionKind::Server;
        session_ = std::make_unique<Session>(connection, clock_, random_);
        session_->start();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isLoaded(), patience);
    }
    void cleanup()
    {
        session_.reset();
        server_.reset();
        QDir(data()).removeRecursively();
    }

    void everyFileBecomesTheSameInTheDialogAndOnTheCommandLine_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("rows");
        const auto row = [](const char* name, int rows) { QTest::newRow(name) << QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/import/data/%1").arg(QLatin1String(name)) << rows; };
        row("co2-weekly.csv", 2284);
        row("flights-2k.json", 2000);
        row("iowa-electricity.csv", 51);
        row("motor-1khz.csv", 756);
        row("seattle-weather-hourly-normals.csv", 8759);
        row("server-load.ndjson", 2880);
        row("weather-two-cities.csv", 2922);
    }
    void everyFileBecomesTheSameInTheDialogAndOnTheCommandLine()
    {
        QFETCH(const QString, file);
        QFETCH(const int, rows);
        const auto dialog = opened(file, "dialog");
        QVERIFY(dialog);
        QVERIFY2(dialog->importButton()->isEnabled(), qPrintable(dialog->importButton()->toolTip()));
        QVERIFY(importAll(*dialog));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("0 refused")), qPrintable(dialog->summaryText()));

        QByteArray output;
        QCOMPARE(test::runServer({QStringLiteral("import"), file, QStringLiteral("--source"), QStringLiteral("verb"), QStringLiteral("--zone"),
                                  QStringLiteral("UTC"), QStringLiteral("--data"), data()}, output), 0);
        const Items here = itemsOf("dialog");
        QCOMPARE(here.count, rows);
        QCOMPARE(here.text, itemsOf("verb").text);
    }

    void nothingCanBeSetOrImportedBeforeThereIsAFile()
    {
        ImportDialog dialog(*session_, {}, settings_, QTimeZone::utc());
        dialog.show();
        QVERIFY(!named<QComboBox>(dialog, QStringLiteral("Format"))->isEnabled());
        QVERIFY(!dialog.importButton()->isEnabled());
        QCOMPARE(dialog.importButton()->toolTip(), QStringLiteral("Choose a file first."));
    }

    void oneBadRowKeepsAllOutUnlessItMayBeSkipped()
    {
        const auto dialog = opened(write(QStringLiteral("ragged.csv"), "date,value\n2024-01-01,1\n2024-01-02,2,3\n2024-01-03,3\n"), "dialog");
        QVERIFY(dialog);
        QVERIFY(importAll(*dialog));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("Nothing was stored.")), qPrintable(dialog->summaryText()));
        auto* refused = named<QTableWidget>(*dialog, QStringLiteral("Refused rows"));
        QCOMPARE(refused->rowCount(), 1);
        QCOMPARE(refused->item(0, 0)->text(), QStringLiteral("3"));
        QCOMPARE(itemsOf("dialog").count, 0);

        named<QPushButton>(*dialog, QStringLiteral("Back"))->click();
        named<QCheckBox>(*dialog, QStringLiteral("Skip bad rows"))->setChecked(true);
        QVERIFY(importAll(*dialog));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("2 accepted, 1 refused")), qPrintable(dialog->summaryText()));
        QCOMPARE(itemsOf("dialog").count, 2);
    }

    void aCancelledImportLeavesNothing()
    {
        QByteArray text = "date,value\n";
        for (int i = 0; i < 400'000; ++i)
            text += "2024-01-01T00:00:00Z," + QByteArray::number(i) + '\n';
        const auto dialog = opened(write(QStringLiteral("long.csv"), text), "dialog");
        QVERIFY(dialog);
        QSignalSpy ended(dialog.get(), &ImportDialog::ended);
        dialog->importButton()->click();
        dialog->reject();
        QVERIFY(!ended.isEmpty() || ended.wait(patience));
        QVERIFY2(dialog->summaryText().contains(QStringLiteral("Nothing was stored.")), qPrintable(dialog->summaryText()));
        QCOMPARE(itemsOf("dialog").count, 0);
    }

    void returnClosesASummary()
    {
        const auto dialog = opened(write(QStringLiteral("two.csv"), "date,value\n2024-01-01,1\n2024-01-02,2\n"), "dialog");
        QVERIFY(dialog);
        QVERIFY(importAll(*dialog));
        QSignalSpy accepted(dialog.get(), &QDialog::accepted);
        QTest::keyClick(dialog.get(), Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
    }

    void aFileThatIsNoDataIsNamedAndTheChoiceStaysOpen_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing in it") << QByteArray();
        QTest::newRow("a broken array") << QByteArray("[{\"a\": 1}, {\"a\": ");
        QTest::newRow("an unclosed quote") << QByteArray("date,value\n2024-01-01,\"1\n");
    }
    void aFileThatIsNoDataIsNamedAndTheChoiceStaysOpen()
    {
        QFETCH(const QByteArray, text);
        const auto dialog = opened(write(QStringLiteral("broken.txt"), text), "dialog");
        QVERIFY(dialog);
        if (dialog->importButton()->isEnabled()) {
            QVERIFY(importAll(*dialog));
            QVERIFY2(dialog->summaryText().contains(QStringLiteral("Nothing was stored.")), qPrintable(dialog->summaryText()));
        } else {
            QVERIFY(!dialog->importButton()->toolTip().isEmpty());
        }
        QCOMPARE(itemsOf("dialog").count, 0);
    }
};

QTEST_MAIN(TestImport)
#include "tst_e2e_import.moc"
