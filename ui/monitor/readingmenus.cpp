#include "ui/monitor/readingmenus.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

namespace iotman {

namespace {

/// The texts of this file.
class Reading {
    Q_DECLARE_TR_FUNCTIONS(iotman::Reading)
};

QString unitText(EpochUnit unit)
{
    switch (unit) {
    case EpochUnit::Seconds:
        return Reading::tr("seconds");
    case EpochUnit::Milliseconds:
        return Reading::tr("milliseconds");
    case EpochUnit::Microseconds:
        return Reading::tr("microseconds");
    case EpochUnit::Nanoseconds:
        return Reading::tr("nanoseconds");
    }
    return {};
}

QString quoted(const std::string& path)
{
    return QString(QChar(0x201C)) + QString::fromStdString(path) + QChar(0x201D);
}

QString fieldTimeText(const std::string& path, EpochUnit unit, const EndpointShape& shape)
{
    const FieldShape* field = shape.field(path);
    const bool isNumber = field && field->type == FieldType::Number;
    const QString text = Reading::tr("Time of %1").arg(quoted(path));
    return isNumber ? QStringLiteral("%1 (%2)").arg(text, unitText(unit)) : text;
}

/// Adds choices to a menu, the one in use checked.
class Choices {
public:
    Choices(QMenu& menu, const ReadingRule& rule, const RuleChosen& chosen)
        : menu_(menu)
        , group_(new QActionGroup(&menu))
        , rule_(rule)
        , chosen_(chosen)
    {
        menu_.clear();
    }
    void add(const QString& text, const ReadingRule& rule)
    {
        QAction* action = menu_.addAction(text);
        action->setCheckable(true);
        action->setChecked(rule == rule_);
        group_->addAction(action);
        QObject::connect(action, &QAction::triggered, action, [chosen = chosen_, rule, isSame = rule == rule_] {
            if (!isSame)
                chosen(rule);
        });
    }

private:
    QMenu& menu_;
    QActionGroup* group_;
    const ReadingRule& rule_;
    const RuleChosen& chosen_;
};

} // namespace

QString splitText(const ReadingRule& rule)
{
    if (rule.splitField.empty())
        return Reading::tr("One line a field");
    return Reading::tr("Lines by %1").arg(quoted(rule.splitField));
}

QString timeText(const ReadingRule& rule, const EndpointShape& shape)
{
    switch (rule.time) {
    case TimeSource::Datapoint:
        return Reading::tr("Time of the datapoint");
    case TimeSource::Field:
        return fieldTimeText(rule.timeField, rule.timeUnit, shape);
    case TimeSource::Arrival:
        return Reading::tr("Time of arrival");
    }
    return {};
}

void fillSplitMenu(QMenu& menu, const ReadingRule& rule, const EndpointShape& shape, const RuleChosen& chosen)
{
    Choices choices(menu, rule, chosen);
    ReadingRule other = rule;
    other.splitField.clear();
    choices.add(splitText(other), other);
    for (const std::string& path : shape.splitFields) {
        other.splitField = path;
        choices.add(splitText(other), other);
    }
}

void fillTimeMenu(QMenu& menu, const ReadingRule& rule, const EndpointShape& shape, const RuleChosen& chosen)
{
    Choices choices(menu, rule, chosen);
    const auto add = [&](TimeSource source, const std::string& path, EpochUnit unit) {
        ReadingRule other = rule;
        other.time = source;
        if (source == TimeSource::Field) {
            other.timeField = path;
            other.timeUnit = unit;
        }
        choices.add(timeText(other, shape), other);
    };
    if (shape.tellsTimes)
        add(TimeSource::Datapoint, {}, {});
    for (const FieldShape& field : shape.fields)
        if (field.role == FieldRole::Time)
            add(TimeSource::Field, field.path, field.unit);
    add(TimeSource::Arrival, {}, {});
}

} // namespace iotman
