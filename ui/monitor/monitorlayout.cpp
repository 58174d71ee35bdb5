#include "ui/monitor/monitorlayout.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace iotman {

namespace {

const QString kindName = QStringLiteral("iotman_chart");
constexpr int version = 1;
constexpr const char* alarmKinds[] = {"above", "below", "outside", "rate", "silence"};

QString layoutText(const char* text)
{
    return QCoreApplication::translate("iotman::MonitorLayout", text);
}

auto refused(const QString& text)
{
    return tl::unexpected(Error{Problem::BadRequest, text.toStdString()});
}

QString string(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// Microseconds that JSON numbers hold as seconds.
double seconds(std::int64_t us)
{
    return static_cast<double>(us) / 1e6;
}

std::optional<std::int64_t> microseconds(const QJsonValue& value)
{
    const double us = value.toDouble(std::nan("")) * 1e6;
    if (!(std::abs(us) <= static_cast<double>(farthestTime)))
        return std::nullopt;
    return std::llround(us);
}

// ---- Out

QJsonObject json(const LineKey& key)
{
    QJsonObject line{{QStringLiteral("endpoint"), string(key.endpoint.text)}, {QStringLiteral("field"), string(key.path)}};
    if (!key.group.empty())
        line[QStringLiteral("group")] = string(key.group);
    return line;
}

const QString givenColor = QStringLiteral("given_color");
constexpr const char* dashes[] = {"by_itself", "solid", "dashed", "dotted"};

QJsonObject json(const LineKey& key, const LineLook& look)
{
    QJsonObject line = json(key);
    if (!look.name.isEmpty())
        line[QStringLiteral("name")] = look.name;
    if (look.color)
        line[QStringLiteral("color")] = *look.color + 1;
    if (look.dash != LineDash::ByItself)
        line[QStringLiteral("dash")] = QLatin1String(dashes[static_cast<std::size_t>(look.dash)]);
    if (look.width > 0)
        line[QStringLiteral("width")] = look.width;
    return line;
}

QJsonObject json(const MonitorPane& pane, const MonitorLayout& layout)
{
    QJsonArray lines, logs;
    for (const LineKey& key : pane.lines) {
        QJsonObject line = json(key, layout.looks.of(key));
        if (const auto color = layout.colors.find(key); color != layout.colors.end())
            line[givenColor] = color->second + 1;
        lines.append(line);
    }
    for (const std::string& unit : pane.logUnits)
        logs.append(string(unit));
    QJsonObject made{{QStringLiteral("lines"), lines}};
    if (!pane.title.isEmpty())
        made[QStringLiteral("title")] = pane.title;
    if (!logs.isEmpty())
        made[QStringLiteral("logarithmic")] = logs;
    return made;
}

QJsonObject json(const Alarm& alarm)
{
    QJsonObject made = json(alarm.line);
    made[QStringLiteral("kind")] = QLatin1String(alarmKinds[static_cast<std::size_t>(alarm.kind)]);
    made[QStringLiteral("low")] = alarm.low;
    made[QStringLiteral("high")] = alarm.high;
    made[QStringLiteral("hysteresis")] = alarm.hysteresis;
    made[QStringLiteral("silence")] = seconds(alarm.silenceUs);
    return made;
}

constexpr const char* timeSources[] = {"datapoint", "field", "arrival"};
constexpr const char* timeUnits[] = {"s", "ms", "us", "ns"};
constexpr const char* derivedKinds[] = {"rate", "moving_mean", "difference", "rule"};

QJsonObject json(const DerivedField& field)
{
    QJsonObject made{{QStringLiteral("kind"), QLatin1String(derivedKinds[static_cast<std::size_t>(field.kind)])},
                     {QStringLiteral("name"), string(field.name)}};
    const auto add = [&](const char* name, const std::string& text) {
        if (!text.empty())
            made[QLatin1String(name)] = string(text);
    };
    add("field", field.source);
    add("group", field.group);
    add("other", field.other);
    add("other_group", field.otherGroup);
    add("rule", field.rule);
    if (field.windowUs > 0)
        made[QStringLiteral("window")] = seconds(field.windowUs);
    return made;
}

QJsonObject json(const ReadingRule& rule)
{
    QJsonArray derived;
    for (const DerivedField& field : rule.derived)
        derived.append(json(field));
    return {{QStringLiteral("time"), QLatin1String(timeSources[static_cast<std::size_t>(rule.time)])},
            {QStringLiteral("time_field"), string(rule.timeField)},
            {QStringLiteral("time_unit"), QLatin1String(timeUnits[static_cast<std::size_t>(rule.timeUnit)])},
            {QStringLiteral("split"), string(rule.splitField)},
            {QStringLiteral("derived"), derived}};
}

// ---- In

/// The place of a word in a list; of a word that is not there, 0.
template <std::size_t size>
int placeOf(const char* const (&words)[size], const QJsonValue& value)
{
    const QString word = value.toString();
    const auto known =
        std::find_if(std::begin(words), std::end(words), [&](const char* each) { return word == QLatin1String(each); });
    return known == std::end(words) ? 0 : static_cast<int>(known - std::begin(words));
}

DerivedField derivedFrom(const QJsonObject& object)
{
    const auto text = [&](const char* name) { return object[QLatin1String(name)].toString().toStdString(); };
    DerivedField field;
    field.kind = static_cast<DerivedField::Kind>(placeOf(derivedKinds, object[QStringLiteral("kind")]));
    field.source = text("field");
    field.group = text("group");
    field.other = text("other");
    field.otherGroup = text("other_group");
    field.rule = text("rule");
    field.windowUs = std::max<std::int64_t>(std::llround(object[QStringLiteral("window")].toDouble() * 1e6), 0);
    field.name = text("name");
    if (field.name.empty())
        field.name = nameFor(field);
    return field;
}

ReadingRule ruleFrom(const QJsonObject& object)
{
    ReadingRule rule;
    rule.time = static_cast<TimeSource>(placeOf(timeSources, object[QStringLiteral("time")]));
    rule.timeField = object[QStringLiteral("time_field")].toString().toStdString();
    rule.timeUnit = static_cast<EpochUnit>(placeOf(timeUnits, object[QStringLiteral("time_unit")]));
    rule.splitField = object[QStringLiteral("split")].toString().toStdString();
    for (const QJsonValue& field : object[QStringLiteral("derived")].toArray())
        if (rule.derived.size() < MonitorLayout::mostLines)
            rule.derived.push_back(derivedFrom(field.toObject()));
    return rule;
}

Expected<LineKey> keyFrom(const QJsonValue& value)
{
    const QJsonObject object = value.toObject();
    const QString endpoint = object[QStringLiteral("endpoint")].toString(), field = object[QStringLiteral("field")].toString();
    const auto id = EndpointId::parse(endpoint.toStdString(), "endpoint");
    if (!id || field.isEmpty())
        return refused(layoutText("A line needs an “endpoint”, by its id, and a “field”."));
    return LineKey{*id, field.toStdString(), object[QStringLiteral("group")].toString().toStdString()};
}

LineLook lookFrom(const QJsonObject& line)
{
    LineLook look;
    look.name = line[QStringLiteral("name")].toString().left(LineLook::mostName);
    if (const int color = line[QStringLiteral("color")].toInt(); color >= 1 && color <= LineLook::colors)
        look.color = color - 1;
    look.dash = static_cast<LineDash>(placeOf(dashes, line[QStringLiteral("dash")]));
    if (const double width = line[QStringLiteral("width")].toDouble(); width > 0)
        look.width = std::clamp(width, LineLook::leastWidth, LineLook::mostWidth);
    return look;
}

Expected<MonitorPane> paneFrom(const QJsonValue& value, MonitorLayout& layout)
{
    MonitorPane pane;
    const QJsonObject object = value.toObject();
    pane.title = object[QStringLiteral("title")].toString();
    for (const QJsonValue& unit : object[QStringLiteral("logarithmic")].toArray())
        pane.logUnits.insert(unit.toString().toStdString());
    const QJsonArray lines = object[QStringLiteral("lines")].toArray();
    if (static_cast<std::size_t>(lines.size()) > MonitorLayout::mostLines)
        return refused(layoutText("A pane has more lines than a chart can tell apart."));
    for (const QJsonValue& line : lines) {
        auto key = keyFrom(line);
        if (!key)
            return tl::unexpected(key.error());
        layout.looks.set(*key, lookFrom(line.toObject()));
        if (const int color = line[givenColor].toInt(); color >= 1 && static_cast<std::size_t>(color) <= MonitorLayout::mostLines)
            layout.colors[*key] = color - 1;
        pane.lines.push_back(std::move(*key));
    }
    return pane;
}

Expected<Alarm> alarmFrom(const QJsonValue& value)
{
    const QJsonObject object = value.toObject();
    auto key = keyFrom(value);
    if (!key)
        return tl::unexpected(key.error());
    const QString kind = object[QStringLiteral("kind")].toString();
    const auto known =
        std::find_if(std::begin(alarmKinds), std::end(alarmKinds), [&](const char* each) { return kind == QLatin1String(each); });
    if (known == std::end(alarmKinds))
        return refused(layoutText("“%1” is no kind of alarm: above, below, outside, rate or silence.").arg(kind));
    const auto silence = microseconds(object[QStringLiteral("silence")].toDouble(0));
    Alarm alarm;
    alarm.line = std::move(*key);
    alarm.kind = static_cast<AlarmKind>(known - std::begin(alarmKinds));
    alarm.low = object[QStringLiteral("low")].toDouble();
    alarm.high = object[QStringLiteral("high")].toDouble();
    alarm.hysteresis = object[QStringLiteral("hysteresis")].toDouble();
    alarm.silenceUs = silence.value_or(-1);
    return checked(std::move(alarm));
}

} // namespace

std::set<EndpointId> endpointsIn(const MonitorLayout& layout)
{
    std::set<EndpointId> ids;
    for (const MonitorPane& pane : layout.panes)
        for (const LineKey& key : pane.lines)
            ids.insert(key.endpoint);
    return ids;
}

LineColors colorsIn(const MonitorLayout& layout)
{
    LineColors colors = layout.colors;
    std::set<int> used;
    for (const auto& [key, color] : colors)
        used.insert(color);
    for (const auto& [key, look] : layout.looks.all())
        if (look.color)
            used.insert(*look.color);
    int next = 0;
    for (const MonitorPane& pane : layout.panes)
        for (const LineKey& key : pane.lines) {
            if (layout.looks.of(key).color || colors.count(key) > 0)
                continue;
            while (used.count(next) > 0)
                ++next;
            colors[key] = next++;
        }
    return colors;
}

QByteArray layoutJson(const MonitorLayout& layout)
{
    QJsonArray panes, alarms;
    for (const MonitorPane& pane : layout.panes)
        panes.append(json(pane, layout));
    for (const Alarm& alarm : layout.alarms)
        alarms.append(json(alarm));
    QJsonObject made{{kindName, version}, {QStringLiteral("panes"), panes}, {QStringLiteral("span"), seconds(layout.spanUs)}};
    if (!layout.name.isEmpty())
        made[QStringLiteral("name")] = layout.name;
    if (layout.range) {
        made[QStringLiteral("from")] = seconds(layout.range->from.us);
        made[QStringLiteral("to")] = seconds(layout.range->to.us);
    }
    if (!alarms.isEmpty())
        made[QStringLiteral("alarms")] = alarms;
    QJsonObject urls, rules;
    for (const auto& [id, url] : layout.urls)
        urls[string(id.text)] = url;
    if (!urls.isEmpty())
        made[QStringLiteral("urls")] = urls;
    for (const auto& [id, rule] : layout.rules)
        rules[string(id.text)] = json(rule);
    if (!rules.isEmpty())
        made[QStringLiteral("endpoints")] = rules;
    return QJsonDocument(made).toJson();
}

Expected<MonitorLayout> layoutFrom(const QByteArray& json)
{
    if (json.size() > MonitorLayout::mostBytes)
        return refused(layoutText("The file is too large for a layout."));
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        return refused(layoutText("This is no JSON: %1.").arg(error.errorString()));
    if (!object.contains(kindName))
        return refused(layoutText("This is no layout of a chart: the member “%1” is not there.").arg(kindName));
    if (object[kindName].toInt() > version)
        return refused(layoutText("This layout was made by a newer program."));
    MonitorLayout layout;
    layout.name = object[QStringLiteral("name")].toString();
    const QJsonArray panes = object[QStringLiteral("panes")].toArray(), alarms = object[QStringLiteral("alarms")].toArray();
    if (static_cast<std::size_t>(panes.size()) > MonitorLayout::mostPanes ||
        static_cast<std::size_t>(alarms.size()) > MonitorLayout::mostAlarms)
        return refused(layoutText("This layout has more panes or alarms than a window can show."));
    for (const QJsonValue& value : panes) {
        auto pane = paneFrom(value, layout);
        if (!pane)
            return tl::unexpected(pane.error());
        layout.panes.push_back(std::move(*pane));
    }
    for (const QJsonValue& value : alarms) {
        auto alarm = alarmFrom(value);
        if (!alarm)
            return tl::unexpected(alarm.error());
        layout.alarms.push_back(std::move(*alarm));
    }
    const QJsonObject urls = object[QStringLiteral("urls")].toObject();
    for (auto url = urls.begin(); url != urls.end(); ++url)
        if (const auto id = EndpointId::parse(url.key().toStdString(), "endpoint"))
            layout.urls[*id] = url.value().toString();
    const QJsonObject rules = object[QStringLiteral("endpoints")].toObject();
    for (auto rule = rules.begin(); rule != rules.end(); ++rule)
        if (const auto id = EndpointId::parse(rule.key().toStdString(), "endpoint"))
            layout.rules[*id] = ruleFrom(rule.value().toObject());
    layout.spanUs = std::max<std::int64_t>(microseconds(object[QStringLiteral("span")].toDouble(0)).value_or(0), 0);
    const auto from = microseconds(object[QStringLiteral("from")]), to = microseconds(object[QStringLiteral("to")]);
    if (from && to && *from < *to)
        layout.range = TimeRange{{*from}, {*to}};
    return layout;
}

} // namespace iotman
