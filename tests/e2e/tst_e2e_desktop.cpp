// The real window over its real server: what a person does in the first minutes.
#include "app/desktop/desktop.h"
#include "app/desktop/singleinstance.h"
#include "core/model/clock.h"
#include "tests/core/client/fakevault.h"
#include "tests/e2e/rawhttp.h"
#include "tests/ui/pages/turns.h"
#include "ui/activity/activitymodel.h"
#include "ui/activity/activitypage.h"
#include "ui/chart/chartview.h"
#include "ui/monitor/monitorpage.h"
#include "ui/pages/apidialog.h"
#include "ui/pages/corspage.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/endpointdialog.h"
#include "ui/pages/endpointspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/switcher.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>
#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTreeWidget>

#include <memory>

using namespace iotman;
using namespace iotman::ui;

namespace {

constexpr int patience = 30'000; // ms; the machine may be busy

QAbstractButton* buttonNamed(const QWidget* parent, const QString& text)
{
    for (QAbstractButton* button : parent->findChildren<QAbstractButton*>()) {
        if (QString(button->text()).remove(u'&') == text && button->isVisibleTo(parent))
            return button;
    }
    return nullptr;
}

template <class Dialog>
Dialog* openDialog(QWidget* window)
{
    for (Dialog* dialog : window->findChildren<Dialog*>()) {
        if (dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

bool hasLabel(const QWidget* parent, const QString& part)
{
    const auto labels = parent->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text().contains(part); });
}

} // namespace

class TestDesktop : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    SystemClock clock_;
    SystemRandom random_;
    client::FakeVault vault_;
    std::unique_ptr<QSettings> settings_;
    std::unique_ptr<Desktop> desktop_;
    std::unique_ptr<test::LongestTurn> turns_;

    MainWindow& window() const { return desktop_->window(); }
    Session& session() const { return *window().session(); }
    EndpointsPage& endpoints() const { return *qobject_cast<EndpointsPage*>(window().page(PageId::Endpoints)); }
    int port() const { return session().connection().url.port(); }
    bool hasEndpoint(const std::string& id) const
    {
        return std::any_of(session().endpoints().begin(), session().endpoints().end(),
                           [&](const EndpointView& view) { return view.endpoint.id.text == id; });
    }

private Q_SLOTS:
    void initTestCase()
    {
        settings_ = std::make_unique<QSettings>(folder_.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        const DesktopOptions options{
            folder_.filePath(QStringLiteral("data")).toStdString(), IOTMAN_SOURCE_DIR "/resources/demo/workspace.json", {}};
        desktop_ = std::make_unique<Desktop>(options, clock_, random_, *settings_, vault_);
        turns_ = std::make_unique<test::LongestTurn>();
        desktop_->show();
        QVERIFY(window().isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(window().session() && session().isLoaded(), patience);
    }
    void cleanupTestCase()
    {
        // Told, not judged: sanitizers and busy machines are slow.
        qInfo("the longest turn of the event loop took %.0f ms of the processor; 250 are too long", turns_->take());
        desktop_.reset();
    }

    void theDemoIsThereAtTheFirstStart()
    {
        QCOMPARE(session().workspaceName(), QStringLiteral("Demo weather"));
        QTRY_COMPARE_WITH_TIMEOUT(endpoints().table()->model()->rowCount(), 4, patience);
        QCOMPARE(session().role(), Role::Admin);
    }

    void tryItShowsAHundredItemsAndThatMoreFollow()
    {
        window().showEndpoint(EndpointId{"seattle"});
        QAbstractButton* send = buttonNamed(&endpoints(), QStringLiteral("Send"));
        QVERIFY(send);
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), patience);
        send->click();
        QTRY_VERIFY_WITH_TIMEOUT(hasLabel(&endpoints(), QStringLiteral("100 items, more follow")), patience);
    }

    void aNewEndpointAnswersAtOnce()
    {
        window().showPage(PageId::Endpoints);
        endpoints().newAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(openDialog<EndpointDialog>(&window()), patience);
        EndpointDialog* dialog = openDialog<EndpointDialog>(&window());
        QComboBox* outputs = dialog->findChildren<QComboBox*>().first();
        outputs->setCurrentIndex(outputs->findText(QStringLiteral("Two cities"), Qt::MatchContains));
        dialog->findChildren<QLineEdit*>().last()->setText(QStringLiteral("mine"));
        QAbstractButton* create = buttonNamed(dialog, QStringLiteral("Create endpoint"));
        if (!create)
            create = buttonNamed(dialog, QStringLiteral("Create"));
        QVERIFY(create);
        QTRY_VERIFY_WITH_TIMEOUT(create->isEnabled(), patience);
        create->click();
        QTRY_VERIFY_WITH_TIMEOUT(hasEndpoint("mine"), patience);
        dialog->close();
        QCOMPARE(test::request(port(), "GET", "/data/out/mine?limit=1").status, 200);
    }

    void whatIsAskedStandsInTheActivityListWithoutAsking()
    {
        window().showPage(PageId::Activity);
        const ActivityModel& model = *qobject_cast<ActivityPage*>(window().page(PageId::Activity))->model();
        const auto count = [&](const std::string& path) {
            return std::count_if(model.entries().begin(), model.entries().end(),
                                 [&](const ActivityEntry& entry) { return entry.path == path; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(count("/data/out/mine") > 0, patience); // of before
        constexpr int requests = 3000;                                   // more than the server itself keeps
        const auto before = count("/data/out/mine");
        const auto reads = count("/api/activity");
        for (int number = 0; number < requests; ++number) {
            QCOMPARE(test::request(port(), "GET", "/data/out/mine?limit=1").status, 200);
            if (number % 50 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_COMPARE_WITH_TIMEOUT(count("/data/out/mine"), before + requests, patience);
        QVERIFY(count("/api/activity") <= reads + 1); // the read with which the page begins
        std::set<std::uint64_t> numbers;
        for (const ActivityEntry& entry : model.entries())
            numbers.insert(entry.number);
        QCOMPARE(numbers.size(), model.entries().size());
    }

    void theApiDescriptionNamesTheEndpointsOfTheDemo()
    {
        for (QAction* action : window().findChildren<QAction*>()) {
            if (action->text().remove(u'&') == QStringLiteral("API description\u2026"))
                action->trigger();
        }
        QTRY_VERIFY_WITH_TIMEOUT(openDialog<ApiDialog>(&window()), patience);
        ApiDialog* dialog = openDialog<ApiDialog>(&window());
        QTRY_VERIFY_WITH_TIMEOUT(dialog->places()->topLevelItemCount() == 2, patience);
        for (const EndpointView& view : session().endpoints()) {
            const QString id = QString::fromStdString(view.endpoint.id.text);
            QVERIFY2(!dialog->places()->findItems(QString(u"/data/out/" + id), Qt::MatchExactly | Qt::MatchRecursive).isEmpty(),
                     qPrintable(id));
            QVERIFY2(!dialog->places()->findItems(QString(id + u".Item"), Qt::MatchExactly | Qt::MatchRecursive).isEmpty(),
                     qPrintable(id));
        }
        dialog->close();
    }

    void theAllowlistTypedInTheEditorDecidesWhatABrowserGets()
    {
        window().showPage(PageId::Cors);
        auto* page = qobject_cast<CorsPage*>(window().page(PageId::Cors));
        page->editor()->setPlainText(QStringLiteral("https://mydashboard.example.com, HTTPS://Other.example/"));
        QTRY_VERIFY_WITH_TIMEOUT(page->saveAction()->isEnabled(), patience);
        page->saveAction()->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(page->stored(), 2, patience);
        const QByteArray allowed = "https://other.example";
        const auto answer = test::request(port(), "GET", "/data/out/mine?limit=1", {"Origin: " + allowed});
        QCOMPARE(answer.headers.value("access-control-allow-origin"), allowed);
        QVERIFY(!test::request(port(), "GET", "/data/out/mine?limit=1", {"Origin: https://evil.example"})
                     .headers.contains("access-control-allow-origin"));
    }

    void aViewerSeesEveryControlDisabledWithItsReason()
    {
        session().viewAs(Role::Viewer);
        QTRY_VERIFY_WITH_TIMEOUT(session().role() == Role::Viewer, patience);
        const QString reason = QStringLiteral("Requires Editor or Admin role.");
        QTRY_VERIFY_WITH_TIMEOUT(!endpoints().newAction()->isEnabled(), patience);
        QVERIFY(endpoints().newAction()->isVisible());
        QVERIFY(endpoints().newAction()->toolTip().contains(reason));
        window().showEndpoint(EndpointId{"mine"});
        QVERIFY(!endpoints().deleteAction()->isEnabled());
        QVERIFY(endpoints().deleteAction()->toolTip().contains(reason));
        session().viewAs(Role::Admin);
        QTRY_VERIFY_WITH_TIMEOUT(endpoints().newAction()->isEnabled(), patience);
    }

    void aDeletedEndpointIsGoneAndItsOutputStays()
    {
        window().showEndpoint(EndpointId{"mine"});
        QTRY_VERIFY_WITH_TIMEOUT(endpoints().deleteAction()->isEnabled(), patience);
        endpoints().deleteAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(openDialog<DeleteDialog>(&window()), patience);
        openDialog<DeleteDialog>(&window())->accept();
        QTRY_VERIFY_WITH_TIMEOUT(!hasEndpoint("mine"), patience);
        QCOMPARE(test::request(port(), "GET", "/data/out/mine").status, 404);
        QCOMPARE(session().outputs().size(), std::size_t(3));
    }

    void theMonitorShowsTheLiveEndpointByItself()
    {
        window().showPage(PageId::Monitor);
        auto* monitor = qobject_cast<MonitorPage*>(window().page(PageId::Monitor));
        QVERIFY(monitor);
        QTRY_VERIFY_WITH_TIMEOUT(monitor->feed(EndpointId{"computer"}), patience);
        const QImage before = monitor->chart()->grab().toImage();
        QTRY_VERIFY_WITH_TIMEOUT(monitor->chart()->grab().toImage() != before, patience);
    }

    void aSecondStartHandsOverWhereToConnect()
    {
        const QString folder = folder_.filePath(QStringLiteral("data"));
        const SingleInstance second(folder);
        QVERIFY(!second.handOver({})); // nobody is there yet
        SingleInstance first(folder);
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QSignalSpy asked(&first, &SingleInstance::connectRequested);
        first.listen();
        QVERIFY(second.handOver({}));
        QTRY_COMPARE(raised.size(), qsizetype(1));
        const QString address = session().connection().server().toString() + QStringLiteral("/data/out/seattle");
        QVERIFY(second.handOver(address));
        QTRY_COMPARE(asked.size(), qsizetype(1));
        QCOMPARE(raised.size(), qsizetype(2));
        QCOMPARE(asked.first().first().toString(), address);
        QVERIFY(second.handOver(QString(100'000, u'x'))); // no address is that long
        QTRY_COMPARE(raised.size(), qsizetype(3));
        QCOMPARE(asked.size(), qsizetype(1));
    }

    void aStartBesideAnotherTellsItsPortAndNeedsNoDemo()
    {
        QSettings settings(folder_.filePath(QStringLiteral("second.ini")), QSettings::IniFormat);
        Desktop second({folder_.filePath(QStringLiteral("second")).toStdString(), "/nowhere/workspace.json", {}}, clock_, random_,
                       settings, vault_);
        second.show();
        const auto isLoaded = [&] { return second.window().session() && second.window().session()->isLoaded(); };
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(), patience);
        QVERIFY(second.window().session()->endpoints().empty());
        QVERIFY(hasLabel(&second.window(), QStringLiteral("is taken by another program")));
    }

    void aRunningWindowConnectsWhereItIsTold()
    {
        desktop_->open(session().connection().server().toString() + QStringLiteral("/data/out/seattle"));
        QTRY_VERIFY_WITH_TIMEOUT(session().state().phase == Phase::Running && !session().hasWorkspace(), patience);
        desktop_->open(QStringLiteral("not an address"));
        QVERIFY(!session().hasWorkspace());
        window().switcher().choose({});
        QTRY_VERIFY_WITH_TIMEOUT(session().hasWorkspace() && session().isLoaded(), patience);
    }
};

QTEST_MAIN(TestDesktop)
#include "tst_e2e_desktop.moc"
