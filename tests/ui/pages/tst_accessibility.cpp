// What holds on every page and in every dialog.
#include "tests/ui/workspace/workspacesurfaces.h"

using namespace iotman;
using namespace iotman::ui;

namespace {

const std::vector<Surface>& all()
{
    static const std::vector<Surface> list = [] {
        std::vector<Surface> every = surfaces();
        for (Surface& surface : workspaceSurfaces())
            every.push_back(std::move(surface));
        return every;
    }();
    return list;
}

/// Labels whose text does not fit and that are not made to be cut.
QStringList clipped(QWidget* window)
{
    QStringList found;
    for (const auto* label : window->findChildren<QLabel*>()) {
        if (label->isVisible() && !label->wordWrap() && !label->text().isEmpty() &&
            label->width() + 1 < label->minimumSizeHint().width())
            found << label->text();
    }
    for (const auto* button : window->findChildren<QPushButton*>()) {
        if (button->isVisible() && !button->text().isEmpty() && button->width() + 1 < button->minimumSizeHint().width())
            found << button->text();
    }
    return found;
}

} // namespace

class TestAccessibility : public QObject {
    Q_OBJECT

    void rows() const
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < all().size(); ++i)
            QTest::newRow(all()[i].name) << int(i);
    }

private Q_SLOTS:
    void everythingThatTakesTheFocusHasAName_data() { rows(); }
    void everythingThatTakesTheFocusHasAName()
    {
        QFETCH(int, at);
        Desk desk;
        furnish(desk);
        QVERIFY(desk.loaded());
        all()[static_cast<std::size_t>(at)].open(desk);
        QTest::qWait(60);
        const QStringList found = nameless(desk.window.get());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void nothingIsCutAtALargeFont_data() { rows(); }
    void nothingIsCutAtALargeFont()
    {
        QFETCH(int, at);
        const QFont before = QApplication::font();
        QFont large = before;
        large.setPointSizeF(before.pointSizeF() * 1.4);
        QApplication::setFont(large);
        QStringList found;
        {
            Desk desk;
            furnish(desk);
            desk.window->resize(1440, 900);
            QVERIFY(desk.loaded());
            all()[static_cast<std::size_t>(at)].open(desk);
            QTest::qWait(60);
            found = clipped(desk.window.get());
        }
        QApplication::setFont(before);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void aDisabledActionSaysWhy_data() { rows(); }
    void aDisabledActionSaysWhy()
    {
        QFETCH(int, at);
        Desk desk(Role::Viewer);
        furnish(desk);
        QVERIFY(desk.loaded());
        all()[static_cast<std::size_t>(at)].open(desk);
        QTest::qWait(60);
        QStringList silent;
        for (QWidget* page : desk.window->findChildren<Page*>()) {
            for (const QAction* action : page->actions()) {
                if (!action->isSeparator() && !action->isEnabled() && action->statusTip().isEmpty())
                    silent << action->text();
            }
        }
        QVERIFY2(silent.isEmpty(), qPrintable(silent.join(u'\n')));
    }
};

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
