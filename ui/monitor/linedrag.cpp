#include "ui/monitor/linedrag.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace iotman {

QString draggedLinesType()
{
    return QStringLiteral("application/x-iotman-lines+json");
}

QByteArray DraggedLines::text() const
{
    QJsonArray made;
    for (const EndpointId& id : endpoints)
        made.append(QJsonObject{{QStringLiteral("endpoint"), QString::fromStdString(id.text)}});
    for (const LineKey& key : lines)
        made.append(QJsonObject{{QStringLiteral("endpoint"), QString::fromStdString(key.endpoint.text)},
                                {QStringLiteral("field"), QString::fromStdString(key.path)},
                                {QStringLiteral("group"), QString::fromStdString(key.group)}});
    return QJsonDocument(made).toJson(QJsonDocument::Compact);
}

DraggedLines DraggedLines::from(const QByteArray& text)
{
    DraggedLines dragged;
    for (const QJsonValue& value : QJsonDocument::fromJson(text).array()) {
        const QJsonObject each = value.toObject();
        const auto id = EndpointId::parse(each[QStringLiteral("endpoint")].toString().toStdString(), "endpoint");
        if (!id)
            continue;
        const QString field = each[QStringLiteral("field")].toString();
        if (field.isEmpty())
            dragged.endpoints.push_back(*id);
        else
            dragged.lines.push_back({*id, field.toStdString(), each[QStringLiteral("group")].toString().toStdString()});
    }
    return dragged;
}

} // namespace iotman
