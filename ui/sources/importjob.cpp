#include "ui/sources/importjob.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "core/model/encoding.h"

#include <QAbstractEventDispatcher>
#include <QFileInfo>
#include <QPointer>
#include <QThread>
#include <QThreadPool>

namespace iotman::ui {

using client::Document;
using client::fromQt;

namespace {

constexpr int mostAttempts = 5;
constexpr std::chrono::seconds pause(2);

Expected<std::int64_t> countIn(const Document& document, const char* member)
{
    return parseJson(document.text).and_then([&](const Json& json) -> Expected<std::int64_t> {
        ObjectReader reader(json, UnknownMembers::Ignored);
        const std::int64_t number = reader.integer(member, -1, 0, INT64_MAX);
        if (auto done = reader.finish(); !done || number < 0)
            return fail(Problem::Internal, std::string("The server's answer does not say “") + member + "”.");
        return number;
    });
}

} // namespace

/// What the reading thread works on. Handed to and fro, never shared.
struct ImportJob::Reading {
    files::FileSource file;
    std::optional<files::ChunkReader> reader;
};

ImportJob::ImportJob(client::Management& management, QString path, SourceName source, files::Options options, BadRows badRows,
                     QObject* parent)
    : QObject(parent)
    , management_(management)
    , path_(std::move(path))
    , source_(std::move(source))
    , options_(std::move(options))
    , badRows_(badRows)
{
}

ImportJob::~ImportJob()
{
    if (running_ && !isCommitting_)
        discardQuietly();
}

void ImportJob::start()
{
    running_ = true;
    clock_.start();
    Json body{{"source", source_.text}, {"name", fromQt(QFileInfo(path_).fileName())}};
    call_ = post("imports", jsonText(body), &ImportJob::created);
}

client::Call ImportJob::post(const std::string& path, std::string body, void (ImportJob::*then)(const Expected<Document>&))
{
    return management_.request({"POST", path, std::move(body), {}}, this,
                               [this, then](Expected<Document> answer) { (this->*then)(answer); });
}

void ImportJob::created(const Expected<Document>& answer)
{
    if (!answer)
        return end(fail(answer.error()));
    const Expected<Json> json = parseJson(answer->text);
    if (!json)
        return end(fail(json.error()));
    ObjectReader reader(*json, UnknownMembers::Ignored);
    id_ = reader.requiredText("id");
    if (auto done = reader.finish(); !done)
        return end(fail(done.error()));
    readNext();
}

/// The file is opened on the reading thread, too: a network drive may take its time.
void ImportJob::readNext()
{
    if (isReading_ || allRead_ || waiting_)
        return;
    isReading_ = true;
    const QPointer<ImportJob> self(this);
    QThreadPool::globalInstance()->start(
        [self, app = QThread::currentThread(), reading = reading_, path = fromQt(path_), options = options_]() mutable {
            Expected<files::Chunk> chunk = fail(Problem::Internal, "");
            if (!reading) {
                if (Expected<files::FileSource> file = files::FileSource::open(path); file) {
                    reading = std::make_shared<Reading>(Reading{std::move(*file), std::nullopt});
                    if (auto reader = files::ChunkReader::open(reading->file, options); reader)
                        reading->reader = std::move(*reader);
                    else
                        chunk = fail(reader.error());
                } else {
                    chunk = fail(file.error());
                }
            }
            if (reading && reading->reader)
                chunk = reading->reader->next();
            auto back = [self, reading = std::move(reading), chunk = std::make_shared<Expected<files::Chunk>>(std::move(chunk))] {
                if (!self)
                    return;
                self->reading_ = reading;
                self->isReading_ = false;
                self->chunkRead(std::move(*chunk));
            };
            // To the thread of the job, which may be gone by now.
            QMetaObject::invokeMethod(QAbstractEventDispatcher::instance(app), std::move(back), Qt::QueuedConnection);
        });
}

void ImportJob::chunkRead(Expected<files::Chunk> chunk)
{
    if (!running_)
        return;
    if (!chunk)
        return discard(chunk.error());
    count_ = reading_->reader->count();
    bytesRead_ = reading_->reader->bytesRead();
    bytes_ = reading_->file.size();
    allRead_ = chunk->last;
    waiting_ = std::move(*chunk);
    sendWaiting();
}

void ImportJob::sendWaiting()
{
    if (isSending_ || !waiting_)
        return;
    sending_ = std::move(*std::exchange(waiting_, std::nullopt));
    readNext(); // while this one is on its way
    if (sending_.rows == 0)
        return allRead_ ? commit() : readNext();
    isSending_ = true;
    attempts_ = 0;
    call_ = post("imports/" + percentEncoded(id_) + "/rows?at=" + std::to_string(staged_), sending_.lines, &ImportJob::sent);
}

void ImportJob::sent(const Expected<Document>& answer)
{
    if (!answer) {
        // The rows may be there although the answer was lost, or another try got there first (409).
        const bool unclear = client::isPassing(answer.error()) || answer.error().kind == Problem::Conflict;
        if (!unclear || ++attempts_ > mostAttempts)
            return discard(answer.error());
        QTimer::singleShot(pause, this, &ImportJob::askWhereWeAre);
        return;
    }
    const Expected<std::int64_t> rows = countIn(*answer, "rows");
    if (!rows)
        return discard(rows.error());
    if (*rows != staged_ + sending_.rows)
        return discard({Problem::Internal, "The server holds " + std::to_string(*rows) + " rows, but " +
                                               std::to_string(staged_ + sending_.rows) + " were sent."});
    staged_ = *rows;
    isSending_ = false;
    sending_ = {};
    tell();
    if (waiting_)
        sendWaiting();
    else if (allRead_)
        commit();
    else
        readNext();
}

void ImportJob::askWhereWeAre()
{
    if (!running_)
        return;
    call_ =
        management_.request({"GET", "imports/" + percentEncoded(id_), {}, {}}, this, [this](const Expected<Document>& answer) {
            if (!answer)
                return sent(fail(answer.error()));
            const Expected<std::int64_t> rows = countIn(*answer, "rows");
            if (rows && *rows == staged_)
                call_ = post("imports/" + percentEncoded(id_) + "/rows?at=" + std::to_string(staged_), sending_.lines,
                             &ImportJob::sent);
            else
                sent(answer);
        });
}

void ImportJob::commit()
{
    if (count_.refused > 0 && badRows_ == BadRows::RefuseAll) {
        discardQuietly();
        return end(ImportResult{0, count_, std::chrono::milliseconds(clock_.elapsed())});
    }
    isCommitting_ = true;
    call_ = post("imports/" + percentEncoded(id_) + "/commit", "{}", &ImportJob::committed);
}

void ImportJob::committed(const Expected<Document>& answer)
{
    if (!answer) {
        // A commit may be repeated: it answers the same.
        if (!client::isPassing(answer.error()) || ++attempts_ > mostAttempts)
            return end(fail(answer.error()));
        QTimer::singleShot(pause, this, [this] {
            if (running_)
                commit();
        });
        return;
    }
    const Expected<std::int64_t> accepted = countIn(*answer, "accepted");
    if (!accepted)
        return end(fail(accepted.error()));
    end(ImportResult{*accepted, count_, std::chrono::milliseconds(clock_.elapsed())});
}

void ImportJob::cancel()
{
    if (running_ && !isCommitting_)
        discard({Problem::Conflict, "Cancelled."});
}

/// Ends with `why` once the server has let go of what was staged.
void ImportJob::discard(const Error& why)
{
    call_.cancel();
    if (id_.empty())
        return end(fail(why));
    running_ = false;
    // Nothing is to stay, even where the one who asked goes meanwhile.
    const QPointer<ImportJob> self(this);
    management_.request({"DELETE", "imports/" + percentEncoded(id_), {}, {}}, &management_,
                        [self, why](const Expected<Document>& answer) {
                            Error told = why;
                            if (!answer && answer.error().kind == Problem::Conflict)
                                told.detail += " The import had been committed already; its rows are there.";
                            else if (!answer && answer.error().kind != Problem::NotFound)
                                told.detail += " What was staged stays hidden and is discarded by the server within a day.";
                            if (self)
                                self->end(fail(told));
                        });
}

void ImportJob::discardQuietly()
{
    if (!id_.empty())
        management_.request({"DELETE", "imports/" + percentEncoded(id_), {}, {}}, &management_, [](const Expected<Document>&) {});
}

void ImportJob::end(Expected<ImportResult> result)
{
    call_.cancel();
    running_ = false;
    waiting_.reset();
    Q_EMIT finished(result);
}

void ImportJob::tell()
{
    ImportProgress progress;
    progress.rows = staged_;
    progress.bytesRead = bytesRead_;
    progress.bytes = bytes_;
    const double seconds = static_cast<double>(clock_.elapsed()) / 1000;
    if (seconds > 0.2)
        progress.rowsPerSecond = static_cast<double>(staged_) / seconds;
    if (seconds > 1 && bytesRead_ > 0) {
        const double rest = seconds * static_cast<double>(progress.bytes - bytesRead_) / static_cast<double>(bytesRead_);
        progress.left = std::chrono::seconds(static_cast<std::int64_t>(rest + 0.5));
    }
    Q_EMIT progressed(progress);
}

} // namespace iotman::ui
