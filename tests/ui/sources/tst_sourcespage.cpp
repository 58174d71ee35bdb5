// The page Sources over a real server: what is made, refused, changed, deleted and brought back.
#include "tests/ui/pages/accesskeys.h"
#include "tests/ui/workspace/realdesk.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/pages/copyrows.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/pagetable.h"
#include "ui/pages/timefield.h"
#include "ui/pages/words.h"
#include "ui/rules/ruleeditor.h"
#include "ui/sources/generatorform.h"
#include "ui/sources/importdialog.h"
#include "ui/sources/numberedit.h"
#include "ui/sources/replaybar.h"
#include "ui/sources/replayform.h"
#include "ui/sources/signalpreview.h"
#include "ui/sources/sourcedialog.h"
#include "ui/sources/sourcequestion.h"
#include "ui/sources/sourcespage.h"

#include <QtNetwork>

using namespace iotman;
using namespace iotman::ui;

namespace {

QByteArray twoSources()
{
    return R"({"iotman": 1, "workspace": {"slug": "demo", "name": "Demo"},
 "sources": [{"name": "hall", "kind": "http", "time": "$.ts", "settings": {"retention": {"count": 500}}},
             {"name": "yard", "kind": "http"}]})";
}

/// The real window with the page, as the desktop adds it.
struct SourcesDesk : RealDesk {
    SourcesPage* page = nullptr;

    SourcesDesk()
        : RealDesk(Environment::Local, twoSources())
    {
        page = new SourcesPage(session(), settings);
        window->addPage(PageId::Sources, page);
        window->showPage(PageId::Sources);
    }
    /// A new source as it is being filled in.
    SourceDialog* newSource(SourceKind kind, const char* name) const
    {
        page->newAction()->trigger();
        auto* dialog = this->dialog<SourceDialog>();
        if (dialog) {
            dialog->chooseKind(kind);
            dialog->nameField()->setText(QLatin1String(name));
        }
        return dialog;
    }
    bool shows(const QString& names) const
    {
        return QTest::qWaitFor(
            [&] {
                QStringList shown;
                for (int row = 0; row < page->table()->model()->rowCount(); ++row)
                    shown << page->table()->model()->index(row, 0).data().toString();
                return shown.join(u' ') == names;
            },
            patience);
    }
};

/// The field of a form with this accessible name.
template <class Field = QLineEdit>
Field* fieldNamed(QWidget* parent, const QString& name)
{
    for (Field* field : parent->findChildren<Field*>()) {
        if (field->accessibleName() == name)
            return field;
    }
    return nullptr;
}

/// Everything that is wrong as a person sees it.
QString faultsIn(const QWidget& parent)
{
    QStringList faults;
    for (const MessageLine* line : parent.findChildren<MessageLine*>()) {
        if (line->isVisibleTo(&parent))
            faults << line->text();
    }
    return faults.join(u'\n');
}

std::optional<SourceView> sourceNamed(const Session& session, const std::string& name)
{
    for (const SourceView& view : session.sources()) {
        if (view.source.name.text == name)
            return view;
    }
    return std::nullopt;
}

SourceView sourceOf(SourceKind kind, const char* name, std::int64_t datapoints)
{
    SourceView view;
    view.source.kind = kind;
    view.source.name = SourceName{name};
    view.datapoints = datapoints;
    return view;
}

OutputView outputOf(const char* name, const char* source, std::int64_t items)
{
    OutputView view;
    view.output.id = OutputId{std::string("id of ") + name};
    view.output.name = OutputName{name};
    view.output.sources = {SourceName{source}};
    view.items = items;
    return view;
}

EndpointView endpointOf(const char* output, const char* id)
{
    EndpointView view;
    view.endpoint.id = EndpointId{id};
    view.endpoint.output = OutputId{std::string("id of ") + output};
    return view;
}

} // namespace

class TestSourcesPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSourceIsMadeAndItsNameIsTakenAfterwards()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        for (const bool taken : {false, true}) {
            desk.page->newAction()->trigger();
            auto* dialog = desk.dialog<SourceDialog>();
            QVERIFY(dialog);
            dialog->nameField()->setText(QStringLiteral("attic"));
            QVERIFY(dialog->saveButton()->isEnabled());
            dialog->saveButton()->click();
            QVERIFY(!dialog->saveButton()->isEnabled()); // a second click makes no second one
            if (!taken) {
                QVERIFY(desk.shows(QStringLiteral("attic hall yard")));
                QVERIFY(QTest::qWaitFor([&] { return !desk.window->findChild<SourceDialog*>(); }, RealDesk::patience));
                continue;
            }
            QVERIFY(QTest::qWaitFor([&] { return dialog->saveButton()->isEnabled(); }, RealDesk::patience));
            QVERIFY(dialog->isVisible());
            QCOMPARE(dialog->nameField()->text(), QStringLiteral("attic"));
            QVERIFY(dialog->focusWidget() == dialog->nameField());
        }
    }

    void aTimeIsCheckedWhileItIsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("fine");
        QTest::newRow("nothing is the time of arrival") << QString() << true;
        QTest::newRow("blanks are nothing") << QStringLiteral("  ") << true;
        QTest::newRow("an expression") << QStringLiteral("$.ms / 1000") << true;
        QTest::newRow("half of one") << QStringLiteral("$.ms /") << false;
        QTest::newRow("a constructor is no time") << QStringLiteral("{ t: $.ms }") << false;
    }
    void aTimeIsCheckedWhileItIsTyped()
    {
        QFETCH(QString, typed);
        QFETCH(bool, fine);
        SourcesDesk desk;
        QVERIFY(desk.loaded());
        SourceDialog dialog(desk.session(), QTimeZone::utc());
        dialog.nameField()->setText(QStringLiteral("attic"));
        dialog.timeField()->setPlainText(typed);
        QCOMPARE(dialog.timeField()->fault().has_value(), !fine);
        QCOMPARE(dialog.saveButton()->isEnabled(), fine);
        QVERIFY(fine || dialog.saveButton()->toolTip() == dialog.timeField()->fault()->sentence);
    }

    void aNumberThatIsTooLargeForItsFieldStays()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        std::optional<SourceView> hall = sourceNamed(desk.session(), "hall");
        QVERIFY(hall);
        hall->source.settings["retention"]["count"] = 3'000'000'000;
        SourceDialog dialog(desk.session(), *hall, QTimeZone::utc());
        QSignalSpy saved(&dialog, &SourceDialog::saved);
        dialog.timeField()->setPlainText(QStringLiteral("$.ms / 1000"));
        dialog.saveButton()->click();
        QVERIFY(QTest::qWaitFor([&] { return saved.count() == 1; }, RealDesk::patience));
        QCOMPARE(saved[0][0].value<SourceView>().source.settings["retention"]["count"].get<std::int64_t>(), 3'000'000'000);
    }

    void whatEndsWithASourceIsSaidBefore_data()
    {
        using Sources = std::vector<SourceView>;
        QTest::addColumn<Sources>("sources");
        QTest::addColumn<QString>("impact");
        QTest::addColumn<QString>("users");
        const auto row = [](const char* name, const Sources& sources, const char* impact, const char* users = "") {
            QTest::newRow(name) << sources << QString::fromUtf8(impact) << QString::fromUtf8(users);
        };
        row("a URL", {sourceOf(SourceKind::Http, "hall", 3)},
            "1 URLs answer 404 at once. 3 datapoints stay, and all items made of them.");
        row("files", {sourceOf(SourceKind::File, "days", 1)},
            "No file can be imported there any more. 1 datapoints stay, and all items made of them.");
        row("this computer", {sourceOf(SourceKind::System, "desk", 0)},
            "The computer is not read any more. 0 datapoints stay, and all items made of them.");
        row("a generator", {sourceOf(SourceKind::Generator, "lab", 2)},
            "Nothing is generated any more. 2 datapoints stay, and all items made of them.");
        row("a replay takes its output with it", {sourceOf(SourceKind::Replay, "again", 9)},
            "The replay ends. 1 outputs of the same name go too. 7 items are deleted. This cannot be undone.");
        row("some of several", {sourceOf(SourceKind::Http, "hall", 3), sourceOf(SourceKind::Replay, "again", 9)},
            "1 URLs answer 404 at once. The replay ends. 1 outputs of the same name go too. 7 items are deleted. 3 datapoints "
            "stay, "
            "and all items made of them. This cannot be undone for 1 of them.");
        SourceView filled = sourceOf(SourceKind::File, "filled", 2);
        filled.source.settings["path"] = "days.csv";
        row("what a workspace file filled", {filled},
            "No file can be imported there any more. 2 datapoints stay, and all items made of them. This cannot be undone.");
        row("an output names it", {sourceOf(SourceKind::Http, "named", 3)},
            "It is still in use. Change or delete these first:", "Output Celsius");
        row("a replay that is served", {sourceOf(SourceKind::Replay, "served", 3)},
            "It is still in use. Change or delete these first:", "Endpoint one, Endpoint two");
        row("not who has the name of an output alone", {sourceOf(SourceKind::Http, "served", 3)},
            "It is still in use. Change or delete these first:", "Output served");
    }
    void whatEndsWithASourceIsSaidBefore()
    {
        QFETCH(std::vector<SourceView>, sources);
        const std::vector<OutputView> outputs{outputOf("again", "again", 7), outputOf("Celsius", "named", 5),
                                              outputOf("served", "served", 4)};
        const std::vector<EndpointView> endpoints{endpointOf("served", "one"), endpointOf("served", "two"),
                                                  endpointOf("Celsius", "three")};
        const DeleteQuestion question = sourceQuestion(sources, outputs, endpoints, Environment::Local);
        QTEST(question.impact, "impact");
        QTEST(question.users.join(QStringLiteral(", ")), "users");
        QVERIFY(question.typedName.isEmpty());
    }

    void manyAreNotDeletedByTheNameOfOne()
    {
        const std::vector<SourceView> two{sourceOf(SourceKind::Http, "a", 0), sourceOf(SourceKind::Http, "b", 0)};
        QCOMPARE(sourceQuestion({two.front()}, {}, {}, Environment::Production).typedName, QStringLiteral("a"));
        QCOMPARE(sourceQuestion(two, {}, {}, Environment::Production).typedName, QStringLiteral("delete 2"));
    }

    void aDeletedSourceComesBackWithUndo()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QVERIFY(!desk.page->undoAction()->isEnabled());
        desk.page->choose(QStringLiteral("hall"));
        desk.page->deleteAction()->trigger();
        auto* question = desk.dialog<DeleteDialog>();
        QVERIFY(question);
        question->accept();
        QVERIFY(desk.shows(QStringLiteral("yard")));
        QVERIFY(desk.page->undoAction()->isEnabled());
        desk.page->undoAction()->trigger();
        QVERIFY(desk.shows(QStringLiteral("hall yard")));
        QVERIFY(QTest::qWaitFor([&] { return desk.session().sources().size() == 2; }, RealDesk::patience));
        for (const SourceView& view : desk.session().sources()) {
            if (view.source.name.text == "hall") {
                QCOMPARE(view.source.time, std::optional<std::string>("$.ts"));
                QCOMPARE(view.source.settings["retention"]["count"].get<int>(), 500);
            }
        }
    }

    void itIsCountedAndFoundByGoToAnything()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QCOMPARE(pageCount(PageId::Sources, desk.session()), std::optional<qint64>(2));
        desk.window->showPage(PageId::Endpoints);
        const std::vector<GotoTarget> targets = desk.page->targets();
        QCOMPARE(targets.size(), std::size_t(2));
        QVERIFY(targets.back().text.contains(QStringLiteral("yard")));
        targets.back().follow();
        QCOMPARE(desk.window->currentPage(), std::optional(PageId::Sources));
        QCOMPARE(desk.page->table()->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("yard"));
    }

    void aGeneratorIsMadeWithWhatItWillLookLike()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        auto* dialog = desk.newSource(SourceKind::Generator, "lab");
        QVERIFY(dialog);
        auto* form = qobject_cast<GeneratorForm*>(dialog->form());
        QVERIFY(form && form->isVisible() && !dialog->timeField()->isVisible());
        QVERIFY2(form->preview()->sentence().contains(QStringLiteral("from 0 to 100")), qPrintable(form->preview()->sentence()));
        fieldNamed(form, QStringLiteral("Name of the signal"))->setText(QStringLiteral("celsius"));
        fieldNamed(form, QStringLiteral("Least"))->setText(QStringLiteral("18.5"));
        fieldNamed(form, QStringLiteral("Greatest"))->setText(QStringLiteral("26"));
        QVERIFY2(form->preview()->sentence().contains(QStringLiteral("from 18.5 to 26")),
                 qPrintable(form->preview()->sentence()));
        form->addButton()->click();
        fieldNamed(form, QStringLiteral("Outages in percent of the time"))->setText(QStringLiteral("100"));
        QVERIFY(form->preview()->sentence().contains(QStringLiteral("Missing all the time")));
        QVERIFY2(dialog->saveButton()->isEnabled(), qPrintable(dialog->saveButton()->toolTip()));
        dialog->saveButton()->click();
        QVERIFY(desk.shows(QStringLiteral("hall lab yard")));
        QVERIFY(QTest::qWaitFor([&] { return sourceNamed(desk.session(), "lab").has_value(); }, RealDesk::patience));
        const Source made = sourceNamed(desk.session(), "lab")->source;
        QCOMPARE(made.kind, SourceKind::Generator);
        QCOMPARE(made.settings["signals"].size(), std::size_t(2));
        QCOMPARE(made.settings["signals"][0],
                 Json({{"name", "celsius"}, {"kind", "sine"}, {"min", 18.5}, {"max", 26.0}, {"period", 60.0}, {"outages", 0.0}}));
        QCOMPARE(made.settings["signals"][1]["outages"], Json(1.0));
        QCOMPARE(sourceLabel(made), QStringLiteral("lab \u00b7 generated"));
        const QModelIndex row = desk.page->table()->model()->index(1, 0);
        QCOMPARE(row.siblingAtColumn(1).data().toString(), QStringLiteral("Generated"));
    }

    void whatTheModelRefusesIsToldBesideItsField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("told");
        QTest::newRow("an interval that is none") << QStringLiteral("Interval in seconds") << QStringLiteral("often")
                                                  << QStringLiteral("Expected an interval from 0.01 to 86400 seconds.");
        QTest::newRow("an interval that is too short") << QStringLiteral("Interval in seconds") << QStringLiteral("0.001")
                                                       << QStringLiteral("Expected an interval from 0.01 to 86400 seconds.");
        QTest::newRow("half a seed") << QStringLiteral("Seed") << QStringLiteral("1.5")
                                     << QStringLiteral("Expected a whole number.");
        QTest::newRow("a signal without a name")
            << QStringLiteral("Name of the signal") << QString() << QStringLiteral("Expected a name of 1 to 64 characters.");
        QTest::newRow("the name of another") << QStringLiteral("Name of the signal") << QStringLiteral("signal1")
                                             << QStringLiteral("Another signal has this name.");
        QTest::newRow("nothing") << QStringLiteral("Least") << QString() << QStringLiteral("Expected a number.");
        QTest::newRow("the wrong way round") << QStringLiteral("Greatest") << QStringLiteral("-1")
                                             << QStringLiteral("Expected a number that is not below the least.");
        QTest::newRow("no time at all") << QStringLiteral("Period in seconds") << QStringLiteral("0")
                                        << QStringLiteral("Expected a time from 0.001 to 1,000,000,000 s.");
        QTest::newRow("more than all") << QStringLiteral("Outages in percent of the time") << QStringLiteral("101")
                                       << QStringLiteral("Expected a part from 0 to 100 %.");
    }
    void whatTheModelRefusesIsToldBesideItsField()
    {
        QFETCH(QString, field);
        QFETCH(QString, typed);
        QFETCH(QString, told);
        SourcesDesk desk;
        QVERIFY(desk.loaded());
        SourceDialog dialog(desk.session(), QTimeZone::utc());
        dialog.chooseKind(SourceKind::Generator);
        dialog.nameField()->setText(QStringLiteral("lab"));
        auto* form = qobject_cast<GeneratorForm*>(dialog.form());
        form->addButton()->click();
        QVERIFY(dialog.saveButton()->isEnabled());
        QLineEdit* edit = fieldNamed(form, field);
        QVERIFY(edit);
        const QString before = edit->text();
        edit->setText(typed);
        QCOMPARE(faultsIn(dialog), told);
        QVERIFY(isFaulty(edit));
        QVERIFY(!dialog.saveButton()->isEnabled());
        QCOMPARE(dialog.saveButton()->toolTip(), told);
        // Who looks at another signal still learns that something is wrong, and with which.
        if (field != QStringLiteral("Interval in seconds") && field != QStringLiteral("Seed")) {
            form->list()->setCurrentRow(0);
            QCOMPARE(faultsIn(dialog), QString());
            QVERIFY(!form->list()->item(1)->icon().isNull());
            QVERIFY(!dialog.saveButton()->isEnabled());
            form->list()->setCurrentRow(1);
            QCOMPARE(faultsIn(dialog), told);
        }
        edit->setText(before);
        QCOMPARE(faultsIn(dialog), QString());
        QVERIFY(dialog.saveButton()->isEnabled());
    }

    void aGeneratorKeepsTheDigitsOfWhatIsNotEdited()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded());
        const Json settings =
            Json::parse("{\"seed\":9007199254740993,\"interval\":0.3333333333333333,\"signals\":[{\"name\":\"v\","
                        "\"kind\":\"walk\",\"min\":0.1234567890123456,\"max\":1.0}]}");
        SourceView view;
        view.source.name = SourceName{"lab"};
        view.source.kind = SourceKind::Generator;
        view.source.settings = settings;
        SourceDialog dialog(desk.session(), view, QTimeZone::utc());
        QVERIFY2(dialog.saveButton()->isEnabled(), qPrintable(dialog.saveButton()->toolTip()));
        QCOMPARE(dialog.form()->settings(settings), settings);
        QVERIFY(!dialog.kinds()->isEnabled() && dialog.nameField()->isReadOnly());
    }

    void aRecordingIsReplayedStepByStep()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QNetworkAccessManager network;
        QNetworkRequest post(QUrl(QString::fromStdString(*sourceNamed(desk.session(), "hall")->ingestUrl)));
        post.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        QNetworkReply* reply = network.post(
            post, QByteArray("[{\"ts\":1600000000,\"v\":1},{\"ts\":1600000010,\"v\":2},{\"ts\":1600000020,\"v\":3}]"));
        QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, RealDesk::patience));
        QCOMPARE(reply->error(), QNetworkReply::NoError);

        auto* dialog = desk.newSource(SourceKind::Replay, "again");
        QVERIFY(dialog);
        auto* form = qobject_cast<ReplayForm*>(dialog->form());
        // What is not chosen yet is asked for, and nothing is called wrong.
        QCOMPARE(faultsIn(*dialog), QString());
        QCOMPARE(dialog->saveButton()->toolTip(), QStringLiteral("Choose what is brought in once more."));
        form->recordings()->setCurrentIndex(form->recordings()->findData(QStringLiteral("hall")));
        QLineEdit* speed = fieldNamed(form, QStringLiteral("Speed"));
        speed->setText(QStringLiteral("0"));
        QCOMPARE(faultsIn(*dialog), QStringLiteral("Expected a speed from 0.001 to 1,000,000."));
        speed->setText(QStringLiteral("2"));
        for (QCheckBox* box : form->findChildren<QCheckBox*>()) {
            if (box->text().contains(QStringLiteral("Paused")))
                box->setChecked(true);
        }
        QVERIFY2(dialog->saveButton()->isEnabled(), qPrintable(dialog->saveButton()->toolTip()));
        dialog->saveButton()->click();
        QVERIFY(desk.shows(QStringLiteral("again hall yard")));
        desk.page->choose(QStringLiteral("again"));
        ReplayBar* bar = desk.page->replayBar();
        QVERIFY(bar->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(bar->state()->text().startsWith(QStringLiteral("Paused")), RealDesk::patience);
        QVERIFY2(bar->stepButton()->isEnabled(), qPrintable(bar->stepButton()->toolTip()));
        bar->stepCount()->setValue(2);
        bar->stepButton()->click();
        const auto datapoints = [&] {
            const auto view = sourceNamed(desk.session(), "again");
            return view ? view->datapoints : 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(bar->state()->text().contains(QStringLiteral("of the recording")), RealDesk::patience);
        QTRY_COMPARE_WITH_TIMEOUT(datapoints(), std::int64_t(2), RealDesk::patience);

        // A speed that is refused says so, and is kept until it is mended.
        bar->speedField()->setFocus();
        bar->speedField()->selectAll();
        QTest::keyClicks(bar->speedField(), QStringLiteral("-1"));
        QTest::keyClick(bar->speedField(), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(bar->message()->text(),
                                  QStringLiteral("Not changed. Expected a speed from 0.001 to 1,000,000."), RealDesk::patience);
        QCOMPARE(bar->speedField()->text(), QStringLiteral("-1"));
        QVERIFY(isFaulty(bar->speedField()));
        bar->speedField()->selectAll();
        QTest::keyClicks(bar->speedField(), QStringLiteral("1000"));
        QTest::keyClick(bar->speedField(), Qt::Key_Return);
        const auto setting = [&](const char* member) {
            const auto view = sourceNamed(desk.session(), "again");
            return view ? QByteArray::fromStdString(view->source.settings.value(member, Json()).dump()) : QByteArray();
        };
        QTRY_COMPARE_WITH_TIMEOUT(setting("speed"), QByteArray("1000.0"), RealDesk::patience);
        QVERIFY(!isFaulty(bar->speedField()));
        bar->loopBox()->click();
        QTRY_COMPARE_WITH_TIMEOUT(setting("loop"), QByteArray("true"), RealDesk::patience);
        QCOMPARE(setting("paused"), QByteArray("true"));
        bar->pauseButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(setting("paused"), QByteArray("false"), RealDesk::patience);
        QTRY_VERIFY_WITH_TIMEOUT(bar->state()->text().startsWith(QStringLiteral("Playing")), RealDesk::patience);
        QVERIFY(!bar->stepButton()->isEnabled());
        QCOMPARE(bar->stepButton()->toolTip(), QStringLiteral("Pause it first."));
        desk.page->choose(QStringLiteral("hall"));
        QVERIFY(!bar->isVisible());
    }

    void whatTheServerRefusesIsToldBesideItsFieldWithTheFocusThere()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        auto* dialog = desk.newSource(SourceKind::Generator, "hall");
        QVERIFY(dialog);
        dialog->form()->setFocus();
        dialog->saveButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(faultsIn(*dialog).contains(QStringLiteral("hall")), RealDesk::patience);
        QCOMPARE(dialog->focusWidget(), dialog->nameField());
        QVERIFY(isFaulty(dialog->nameField()));
    }

    void aPartOfARecordingIsChosenFromItsLastDay()
    {
        SourceView hall = sourceOf(SourceKind::Http, "hall", 3);
        hall.lastDatapointAt = Timestamp{1'700'000'000'000'000};
        ReplayForm form({hall}, SourceName{}, QTimeZone("Europe/Berlin"));
        form.recordings()->setCurrentIndex(0);
        QVERIFY(!form.from()->time() && !form.to()->time());
        for (TimeField* field : {form.from(), form.to()})
            field->findChild<QCheckBox*>()->setChecked(true);
        QCOMPARE(form.from()->time(), std::optional(Timestamp{(1'700'000'000 - 86'400) * 1'000'000LL}));
        QCOMPARE(form.to()->time(), hall.lastDatapointAt);
        const auto labels = form.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text() == QStringLiteral("Times of Europe/Berlin"); }));
    }

    void everyAccessKeyLeadsToOneThing()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        QStringList found = doubledKeysOfAllTabs(desk.window.get());
        desk.page->importFile();
        found += doubledKeys(desk.page->importDialog());
        desk.page->importDialog()->close();
        SourceDialog dialog(desk.session(), QTimeZone::utc());
        dialog.show();
        for (int kind = 0; kind < dialog.kinds()->count(); ++kind) {
            dialog.kinds()->setCurrentIndex(kind);
            found += doubledKeys(&dialog);
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void filesGetExactValues()
    {
        SourcesDesk desk;
        QVERIFY(desk.loaded() && desk.shows(QStringLiteral("hall yard")));
        desk.page->table()->selectRow(0);
        const QString csv = selectedRows(RowsAs::Csv, *desk.page->table());
        QVERIFY2(QRegularExpression(QStringLiteral("\\d{4}-\\d\\d-\\d\\dT")).match(csv).hasMatch(), qPrintable(csv));
    }
};

QTEST_MAIN(TestSourcesPage)
#include "tst_sourcespage.moc"
