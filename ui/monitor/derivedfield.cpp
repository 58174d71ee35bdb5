#include "ui/monitor/derivedfield.h"

#include "core/rules/transform.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>

namespace iotman {

namespace {

QString lineName(const std::string& path, const std::string& group)
{
    const QString field = QString::fromStdString(path);
    return group.empty() ? field : QString(QString::fromStdString(group) + QLatin1Char(' ') + field);
}

} // namespace

std::string nameFor(const DerivedField& field)
{
    const auto translated = [](const char* text) { return QCoreApplication::translate("iotman::DerivedField", text); };
    const QString source = lineName(field.source, field.group);
    switch (field.kind) {
    case DerivedField::Kind::Rate:
        return translated("%1 per second").arg(source).toStdString();
    case DerivedField::Kind::MovingMean:
        return translated("%1 mean %2").arg(source, durationText(field.windowUs)).toStdString();
    case DerivedField::Kind::Difference:
        return translated("%1 − %2").arg(source, lineName(field.other, field.otherGroup)).toStdString();
    case DerivedField::Kind::Rule:
        return field.rule.substr(0, 60);
    }
    return {};
}

QString faultOf(const std::string& rule)
{
    const auto compiled = rules::Transform::compile({}, rule);
    return compiled ? QString() : QString::fromStdString(compiled.error().detail);
}

} // namespace iotman
