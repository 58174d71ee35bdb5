// What holds on every page and in every dialog.
#include "tests/ui/pages/accesskeys.h"
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

/// Whether the way from `from` to `to` is one that no reader takes: upwards, or to the left in a row. Up into a column further
/// right is the way through columns.
bool isBackwards(const QRect& from, const QRect& to)
{
    if (from.contains(to) || to.contains(from))
        return false;
    const bool isAbove = to.bottom() <= from.top() && to.left() < from.right();
    const bool isLeftInRow = to.top() < from.bottom() && from.top() < to.bottom() && to.right() <= from.left();
    return isAbove || isLeftInRow;
}

QString nameOf(const QWidget& widget)
{
    return QString::fromLatin1(widget.metaObject()->className()) + u' ' + widget.accessibleName();
}

/// The window with one of the surfaces open in it.
bool opens(Desk& desk, int at)
{
    furnish(desk);
    desk.window->resize(1440, 900);
    if (!desk.loaded())
        return false;
    all()[static_cast<std::size_t>(at)].open(desk);
    QTest::qWait(60);
    return true;
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
        QVERIFY(opens(desk, at));
        const QStringList found = nameless(desk.window.get());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void tabGoesAsTheEyeDoes_data() { rows(); }
    void tabGoesAsTheEyeDoes()
    {
        QFETCH(int, at);
        Desk desk;
        QVERIFY(opens(desk, at));
        QWidget* window = QApplication::activeWindow();
        QVERIFY(window);
        const auto place = [&](const QWidget& widget) { return QRect(widget.mapTo(window, QPoint()), widget.size()); };
        QStringList backwards;
        QSet<const QWidget*> seen;
        for (const QWidget* stop = window->focusWidget(); !stop || !seen.contains(stop);) {
            if (stop)
                seen.insert(stop);
            QTest::keyClick(window->focusWidget() ? window->focusWidget() : window, Qt::Key_Tab);
            const QWidget* next = window->focusWidget();
            QVERIFY2(next, "the focus is lost");
            QVERIFY2(next != stop || seen.size() == 1, qPrintable(QStringLiteral("Tab does not leave ") + nameOf(*next)));
            if (stop && isBackwards(place(*stop), place(*next)))
                backwards << nameOf(*stop) + QStringLiteral(" -> ") + nameOf(*next);
            stop = next;
        }
        // From the last to the first.
        QVERIFY2(backwards.size() <= 1, qPrintable(backwards.join(u'\n')));
    }

    void everyAccessKeyLeadsToOneThing_data() { rows(); }
    void everyAccessKeyLeadsToOneThing()
    {
        QFETCH(int, at);
        Desk desk;
        QVERIFY(opens(desk, at));
        const QStringList found = doubledKeysOfAllTabs(QApplication::activeWindow());
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
            QVERIFY(opens(desk, at));
            // A text that has just come has its room in the next turn.
            (void)QTest::qWaitFor([&] { return (found = clipped(desk.window.get())).isEmpty(); });
        }
        QApplication::setFont(before);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void aDisabledActionSaysWhy_data() { rows(); }
    void aDisabledActionSaysWhy()
    {
        QFETCH(int, at);
        Desk desk(Role::Viewer);
        QVERIFY(opens(desk, at));
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
