// The edge between the Qt-free model (UTF-8 in std::string) and Qt.
#pragma once

#include <QByteArray>
#include <QString>

#include <string>
#include <string_view>

namespace iotman::client {

inline QString toQt(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}
inline QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}
inline std::string fromQt(const QString& text)
{
    return text.toStdString();
}
inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace iotman::client
