// store-9: where settings cannot be kept, the window opens and says so.
#include "tests/ui/pages/desk.h"
#include "ui/look/messageline.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

const MessageLine* lineAbout(const QWidget& window, const QString& part)
{
    for (const MessageLine* line : window.findChildren<MessageLine*>()) {
        if (line->isVisible() && line->text().contains(part))
            return line;
    }
    return nullptr;
}

/// A window whose settings lie at `path`.
struct Opened {
    FakeWorkspace workspace;
    client::FakeClock clock;
    client::FakeRandom random{255};
    client::FakeVault vault;
    QSettings settings;
    Connections connections{settings, vault};
    MainWindow window{clock, random, settings, connections};

    explicit Opened(const QString& path)
        : settings(path, QSettings::IniFormat)
    {
        workspace.addOutput("Seattle", "{ at: $ts }", 3);
        workspace.addEndpoint("Seattle", "seattle");
        window.show();
        window.connectTo(workspace.connection());
    }
};

const QString unsaved = QStringLiteral("Settings could not be saved.");

} // namespace

class TestUnsavedSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A file where the folder would be: nobody can write there, whoever runs this.
    void aFolderThatCannotBeWrittenIsNamedAndTheWindowWorks()
    {
        QTemporaryDir folder;
        QFile inTheWay(folder.filePath(QStringLiteral("config")));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        const QString path = folder.filePath(QStringLiteral("config/iotman/iotman-desktop.ini"));
        Opened opened(path);
        const MessageLine* line = lineAbout(opened.window, unsaved);
        QVERIFY(line);
        QCOMPARE(line->kind(), MessageLine::Kind::Warning);
        QVERIFY2(line->text().contains(path), qPrintable(line->text()));
        QTRY_VERIFY(opened.window.session() && opened.window.session()->isLoaded());
        QVERIFY(lineAbout(opened.window, unsaved)); // another connection does not take it away
        QVERIFY(line->button());
        line->button()->click();
        QVERIFY(!lineAbout(opened.window, unsaved));
    }

    void whatCanBeSavedIsSavedWithoutAWord()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("config/iotman-desktop.ini"));
        Opened opened(path);
        QTRY_VERIFY(opened.window.session() && opened.window.session()->isLoaded());
        QVERIFY(!lineAbout(opened.window, unsaved));
        QVERIFY(QFile::exists(path));
    }
};

QTEST_MAIN(TestUnsavedSettings)
#include "tst_unsavedsettings.moc"
