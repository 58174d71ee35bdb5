// One file on its way into a source: read on a thread of its own, staged at the server, published at the end.
#pragma once

#include "core/client/management.h"
#include "core/import/chunkreader.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace iotman::ui {

enum class BadRows { RefuseAll, Skip };

struct ImportProgress {
    std::int64_t rows = 0;      ///< staged and durable
    std::int64_t bytesRead = 0; ///< of the file
    std::int64_t bytes = 0;     ///< the file's size
    double rowsPerSecond = 0;
    std::optional<std::chrono::seconds> left; ///< nothing while it cannot be told
};

struct ImportResult {
    std::int64_t accepted = 0; ///< 0 where rows were refused and none may be
    files::ImportCount count;
    std::chrono::milliseconds took{};

    bool operator==(const ImportResult&) const = default;
};

/// Stages rows under /api/imports and commits them together; until then nobody sees any. The file is read ahead by one chunk,
/// never more, so memory stays flat. A lost answer is asked after, and doubles nothing. Destroying it discards what is staged,
/// as far as the server can be reached. GUI thread.
class ImportJob : public QObject {
    Q_OBJECT

public:
    /// `management` must outlive it.
    ImportJob(client::Management& management, QString path, SourceName source, files::Options options, BadRows badRows,
              QObject* parent = nullptr);
    ~ImportJob() override;

    void start();
    /// Nothing of it stays; `finished` comes with an error of kind Conflict, “Cancelled.”, when that is so.
    void cancel();
    bool isRunning() const { return running_; }
    /// Whether the server was told to publish: what came of that may never be known.
    bool isCommitted() const { return isCommitting_; }

Q_SIGNALS:
    void progressed(const iotman::ui::ImportProgress& progress);
    void finished(const iotman::Expected<iotman::ui::ImportResult>& result);

private:
    struct Reading;
    void created(const Expected<client::Document>& answer);
    void readNext();
    void chunkRead(Expected<files::Chunk> chunk);
    void sendWaiting();
    void sent(const Expected<client::Document>& answer);
    void askWhereWeAre();
    void commit();
    void committed(const Expected<client::Document>& answer);
    void discard(const Error& why);
    void discardQuietly();
    void end(Expected<ImportResult> result);
    void tell();
    client::Call post(const std::string& path, std::string body, void (ImportJob::*then)(const Expected<client::Document>&));

    client::Management& management_;
    const QString path_;
    const SourceName source_;
    const files::Options options_;
    const BadRows badRows_;
    std::shared_ptr<Reading> reading_; ///< the reading thread's while `isReading_`
    bool isReading_ = false;
    bool isSending_ = false;
    bool running_ = false;
    bool isCommitting_ = false;
    std::optional<files::Chunk> waiting_; ///< read, not yet sent
    files::Chunk sending_;
    bool allRead_ = false;
    std::string id_; ///< of the import at the server
    std::int64_t staged_ = 0;
    std::int64_t bytesRead_ = 0;
    std::int64_t bytes_ = 0; ///< of the file
    files::ImportCount count_;
    int attempts_ = 0; ///< that failed in a row
    client::Call call_;
    QElapsedTimer clock_;
};

} // namespace iotman::ui
