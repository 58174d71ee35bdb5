// A day of a machine's load, and a workspace that replays it.
#pragma once

#include <QtCore/qbytearraylist.h>
#include <QtCore/qfile.h>

namespace iotman::test {

/// The source `load` takes the day; `again` replays it, once it is no longer paused.
inline constexpr const char* replayWorkspace =
    "{\"iotman\": 1,\n"
    "\"sources\": [{\"name\": \"load\", \"kind\": \"http\", \"time\": \"$.ts\"},\n"
    "  {\"name\": \"again\", \"kind\": \"replay\", \"settings\": {\"recording\": \"load\", \"paused\": true}}],\n"
    "\"endpoints\": [{\"id\": \"again\", \"output\": \"again\"}]}";

/// Minute by minute.
inline QByteArrayList dayOfLoad()
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/import/data/server-load.ndjson"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().split('\n').mid(0, 1440);
}

} // namespace iotman::test
