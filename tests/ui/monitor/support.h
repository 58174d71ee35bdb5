// Short forms that the tests of the Monitor share.
#pragma once

#include <QString>
#include <QStringList>

namespace iotman {

/// Each text is UTF-8.
inline QStringList texts(std::initializer_list<const char*> each)
{
    QStringList list;
    for (const char* text : each)
        list.append(QString::fromUtf8(text));
    return list;
}

/// JSON written with single quotes for double ones.
inline QString json(const char* text)
{
    return QString::fromUtf8(text).replace(u'\'', u'"');
}

} // namespace iotman
