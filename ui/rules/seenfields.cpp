#include "ui/rules/seenfields.h"

#include "core/rules/payload.h"
#include "ui/rules/ruletokens.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace iotman::ui {

namespace {

using rules::Payload;

constexpr std::size_t mostFields = 500;
constexpr int mostDepth = 8;
constexpr int mostDatapoints = 200;
constexpr int mostValueCharacters = 60;

QString nameOf(Payload::Kind kind)
{
    switch (kind) {
    case Payload::Kind::Null:
        return QStringLiteral("null");
    case Payload::Kind::False:
    case Payload::Kind::True:
        return QStringLiteral("boolean");
    case Payload::Kind::Number:
        return QStringLiteral("number");
    case Payload::Kind::String:
        return QStringLiteral("text");
    case Payload::Kind::Array:
        return QStringLiteral("array");
    case Payload::Kind::Object:
        return QStringLiteral("object");
    }
    return {};
}

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString keyAt(const Payload& payload, std::uint32_t node)
{
    std::string buffer;
    return toQt(payload.string(node, buffer));
}

QString shortened(std::string_view text)
{
    const QString whole = toQt(text.substr(0, 4 * mostValueCharacters)).simplified();
    return whole.size() > mostValueCharacters ? whole.left(mostValueCharacters) + QChar(0x2026) : whole;
}

class Fields {
public:
    void add(const Payload& payload, std::uint32_t node, const QString& path, int depth)
    {
        const Payload::Node& value = payload.node(node);
        if (depth > 0 && !note(payload, node, path))
            return;
        if (depth == mostDepth)
            return;
        if (value.kind == Payload::Kind::Object) {
            for (std::uint32_t key = node + 1; key < value.next; key = payload.node(key + 1).next)
                add(payload, key + 1, path + keyStep(keyAt(payload, key)), depth + 1);
        } else if (value.kind == Payload::Kind::Array && value.count > 0 &&
                   payload.node(node + 1).kind == Payload::Kind::Object) {
            const Payload::Node& first = payload.node(node + 1);
            for (std::uint32_t key = node + 2; key < first.next; key = payload.node(key + 1).next)
                add(payload, key + 1, path + QStringLiteral("[*]") + keyStep(keyAt(payload, key)), depth + 1);
        }
    }
    std::vector<SeenField> take() { return std::move(fields_); }

private:
    bool note(const Payload& payload, std::uint32_t node, const QString& path)
    {
        const QString type = nameOf(payload.node(node).kind);
        if (const auto known = places_.constFind(path); known != places_.constEnd()) {
            SeenField& field = fields_[*known];
            if (!field.type.split(QStringLiteral(", ")).contains(type))
                field.type += QStringLiteral(", ") + type;
            return true;
        }
        if (fields_.size() == mostFields)
            return false;
        places_.insert(path, fields_.size());
        fields_.push_back({path, type, shortened(payload.text(node))});
        return true;
    }

    std::vector<SeenField> fields_;
    QHash<QString, std::size_t> places_;
};

void propose(QString& rule, const Payload& payload, std::uint32_t node, const QString& path, int depth)
{
    const QString blanks(2 * depth, u' ');
    const Payload::Node& object = payload.node(node);
    QStringList known;
    for (std::uint32_t key = node + 1; key < object.next; key = payload.node(key + 1).next) {
        const QString name = keyAt(payload, key);
        if (known.contains(name))
            continue;
        known.append(name);
        const QString below = path + keyStep(name);
        rule += (rule.endsWith(u'{') ? QStringLiteral("\n") : QStringLiteral(",\n")) + blanks +
                (isPlainKey(name) ? name : quotedText(name)) + QStringLiteral(": ");
        const Payload::Node& value = payload.node(key + 1);
        if (value.kind == Payload::Kind::Object && value.count > 0 && depth < mostDepth) {
            rule += u'{';
            propose(rule, payload, key + 1, below, depth + 1);
            rule += u'\n' + blanks + u'}';
        } else {
            rule += below;
        }
    }
}

} // namespace

std::vector<SeenField> seenFields(std::span<const RecentDatapoint> datapoints)
{
    Fields fields;
    Payload payload;
    for (const RecentDatapoint& datapoint : datapoints.first(std::min<std::size_t>(datapoints.size(), mostDatapoints)))
        if (payload.parse(datapoint.payload))
            fields.add(payload, 0, QStringLiteral("$"), 0);
    return fields.take();
}

QStringList seenKeys(std::span<const RecentDatapoint> datapoints)
{
    QStringList keys;
    QSet<QString> known;
    Payload payload;
    for (const RecentDatapoint& datapoint : datapoints.first(std::min<std::size_t>(datapoints.size(), mostDatapoints))) {
        if (!payload.parse(datapoint.payload))
            continue;
        const std::uint32_t end = payload.node(0).next;
        for (std::uint32_t node = 0; node < end; ++node) {
            const Payload::Node& object = payload.node(node);
            if (object.kind != Payload::Kind::Object)
                continue;
            for (std::uint32_t key = node + 1; key < object.next; key = payload.node(key + 1).next)
                if (const QString name = keyAt(payload, key);
                    !known.contains(name) && known.size() < static_cast<qsizetype>(mostFields)) {
                    known.insert(name);
                    keys.append(name);
                }
        }
    }
    return keys;
}

QString proposedRule(const std::string& payload)
{
    Payload parsed;
    QString rule = QStringLiteral("{\n  at: $ts");
    if (parsed.parse(payload) && parsed.isObject()) {
        // A member that is called like ours would be one too many.
        if (parsed.member(0, "at") != 0)
            rule = QStringLiteral("{");
        propose(rule, parsed, 0, QStringLiteral("$"), 1);
    }
    return rule + QStringLiteral("\n}");
}

} // namespace iotman::ui
