// What came over streams, kept in a file: written as it comes, within a budget, and read again.
#pragma once

#include "core/client/page.h"
#include "core/client/streammessage.h"
#include "core/model/names.h"

#include <QFile>
#include <QObject>
#include <QTimer>

#include <map>
#include <string>
#include <vector>

namespace iotman {

/// Writes NDJSON: a first line that says what it is, then `{"endpoint":…,"time":…,"arrived":…,"item":…}` for each item, the
/// item's bytes as they came. It ends by itself when the budget is spent or the disk is full. GUI thread; what was written is on
/// the disk within a second.
class Recorder : public QObject {
    Q_OBJECT

public:
    static constexpr std::int64_t defaultBudget = 256 * 1024 * 1024;

    explicit Recorder(QObject* parent = nullptr);

    /// Errors: Internal where the file cannot be written.
    Expected<void> start(const QString& file, std::int64_t budget = defaultBudget);
    void stop();
    void add(const EndpointId& id, const std::vector<client::StreamItem>& items, Timestamp arrived);

    bool isRecording() const { return file_.isOpen(); }
    std::int64_t bytes() const { return bytes_; }
    std::int64_t budget() const { return budget_; }

Q_SIGNALS:
    void progressed();
    /// An empty text: somebody stopped it.
    void stopped(const QString& why);

private:
    void end(const QString& why);

    QFile file_;
    QTimer flushing_;
    std::int64_t bytes_ = 0, budget_ = defaultBudget;
};

/// Items by endpoint, newest first, with the times that a page would tell.
using Recording = std::map<EndpointId, std::vector<client::Item>>;

/// Reads what a Recorder wrote; a last line that was cut off is left out. Errors: BadRequest for something else, with the line;
/// NotFound where the file cannot be read; TooLarge beyond `most` bytes.
Expected<Recording> readRecording(const QString& file, std::int64_t most = std::int64_t{1} << 30);

} // namespace iotman
