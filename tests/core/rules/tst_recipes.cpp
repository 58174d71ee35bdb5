// Runs the recipes of docs/rules.md: the document is the table of cases.
#include "core/rules/transform.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

namespace {

constexpr Variables variables{Timestamp{1700000000250000}, "gw-1", 42};

/// The lines between the fences of a block, by the heading above it. A label may come several times.
struct Recipe {
    QString title;
    QList<std::pair<QString, QByteArray>> lines;
};

QList<Recipe> recipes()
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/docs/rules.md"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("docs/rules.md is not there");
    static const QRegularExpression labelled(QStringLiteral("^(filter|rule|payload|item|no item|error) *(.*)$"));
    QList<Recipe> found;
    QString title;
    bool inside = false;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("#"))) {
            title = line.section(QLatin1Char(' '), 1);
        } else if (line.startsWith(QLatin1String("```"))) {
            inside = !inside;
            if (inside)
                found.append({title, {}});
        } else if (inside) {
            const QRegularExpressionMatch match = labelled.match(line);
            found.last().lines.append({match.captured(1), match.captured(2).toUtf8()});
        }
    }
    return found;
}

} // namespace

class TestRecipes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereAreTwenty()
    {
        int numbered = 0;
        for (const Recipe& recipe : recipes())
            numbered += recipe.title.startsWith(QString::number(numbered + 1) + QLatin1String(". ")) ? 1 : 0;
        QCOMPARE(numbered, 20);
    }

    void aRecipeGivesWhatItSays_data()
    {
        QTest::addColumn<int>("number");
        const QList<Recipe> all = recipes();
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(qUtf8Printable(all[i].title)) << i;
    }
    void aRecipeGivesWhatItSays()
    {
        QFETCH(int, number);
        const Recipe recipe = recipes().at(number);
        std::string filter;
        std::string rule;
        std::string json;
        Payload payload;
        int outcomes = 0;
        for (const auto& [label, text] : recipe.lines) {
            if (label == QLatin1String("filter")) {
                filter = text.toStdString();
            } else if (label == QLatin1String("rule")) {
                rule = text.toStdString();
            } else if (label == QLatin1String("payload")) {
                json = text.toStdString();
                QVERIFY2(payload.parse(json), text);
            } else {
                const Expected<Transform> transform = Transform::compile(filter, rule);
                QVERIFY2(transform, transform ? "" : transform.error().detail.c_str());
                std::string item;
                Error error;
                const Transform::Outcome outcome = transform->run(payload, variables, item, error);
                QCOMPARE(outcome == Transform::Outcome::Item       ? QStringLiteral("item")
                         : outcome == Transform::Outcome::Filtered ? QStringLiteral("no item")
                                                                   : QStringLiteral("error"),
                         label);
                QCOMPARE(QByteArray::fromStdString(outcome == Transform::Outcome::Failed ? error.detail : item), text);
                ++outcomes;
            }
        }
        QVERIFY(outcomes > 0);
    }
};

QTEST_APPLESS_MAIN(TestRecipes)
#include "tst_recipes.moc"
