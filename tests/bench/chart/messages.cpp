#include "tests/bench/chart/bench.h"
#include "ui/monitor/endpointseries.h"

#include <QByteArray>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <string>

namespace bench {

namespace {

using namespace iotman;

constexpr int different = 1000, rounds = 200;

/// Eight values and a time: 217 bytes or so.
std::vector<std::string> messages()
{
    std::vector<std::string> made;
    const Data data{0.001};
    for (int i = 0; i < different; ++i) {
        std::string text = "{\"ts\":" + std::to_string(1'700'000'000'000 + i);
        for (int s = 0; s < seriesCount; ++s)
            text += ",\"channel_" + std::to_string(s) + "\":" + std::to_string(data.value(s, i));
        made.push_back(text + "}");
    }
    return made;
}

} // namespace

double ownMessagesPerSecond()
{
    const std::vector<std::string> texts = messages();
    SeriesSet set;
    EndpointSeries series(set, {TimeSource::Datapoint, {}, EpochUnit::Milliseconds, {}});
    std::int64_t us = 0;
    const double start = cpuMs();
    for (int round = 0; round < rounds; ++round)
        for (const std::string& text : texts)
            series.add(text, Timestamp{us += 1000}, std::nullopt);
    return rounds * different / (cpuMs() - start) * 1000;
}

double qtMessagesPerSecond()
{
    std::vector<QByteArray> texts;
    for (const std::string& text : messages())
        texts.push_back(QByteArray::fromStdString(text));
    SeriesSet set;
    QHash<QString, SeriesId> lines;
    std::int64_t us = 0;
    const double start = cpuMs();
    for (int round = 0; round < rounds / 4; ++round)
        for (const QByteArray& text : texts) {
            const QJsonObject object = QJsonDocument::fromJson(text).object();
            const Timestamp time{us += 1000};
            for (auto member = object.begin(); member != object.end(); ++member) {
                auto line = lines.constFind(member.key());
                if (line == lines.constEnd())
                    line = lines.insert(member.key(), set.add({member.key().toStdString(), {}, SeriesKind::Number, {}}));
                set.append(*line, time, member->toDouble());
            }
        }
    return rounds / 4 * different / (cpuMs() - start) * 1000;
}

} // namespace bench
