// One mirror being read: its history by pages, then its stream.
#pragma once

#include "core/client/backoff.h"
#include "core/client/historythenlive.h"
#include "core/client/pagereader.h"
#include "core/client/pagewalk.h"
#include "core/client/streamreader.h"
#include "core/client/tokensource.h"
#include "core/mirror/mirrorintake.h"
#include "core/mirror/mirrorstate.h"
#include "core/mirror/mirrorworld.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace iotman::mirror {

/// Reads from its start to its end; lives on one thread with an event loop. Whatever goes wrong, it begins again where the store
/// says that it came to. What it has read is durable before it reads on, so it never holds more than one page, or what a stream
/// brought in one turn.
class MirrorRun : public QObject {
    Q_OBJECT

public:
    struct Told {
        std::function<void(MirrorState)> state;
        std::function<void(const SourceName&, Timestamp from, Timestamp to)> history; ///< was added to the source
    };
    /// `secret` is that of the source's sign-in, where it has one and one is kept.
    MirrorRun(const MirrorWorld& world, const Source& source, const std::optional<std::string>& secret, Told told);

    void start();

private:
    void begin();
    void readPage(const client::PageLink& link);
    void pageArrived(const client::PageLink& asked, Expected<client::PageAnswer> answer);
    Expected<void> bringPage(client::Page page);
    Expected<void> comesFromElsewhere(const client::PageAnswer& answer);
    bool isEnough(const MirrorPosition& position) const;
    void lookFirst();
    void goLive();
    void readStream();
    void readHosted();
    void hostedNewest(const std::vector<client::Item>& newestFirst);
    void streamItems(const std::vector<client::StreamItem>& items);
    void streamStatus(const client::StreamStatus& status);
    void live();
    void checkThatItIsTheSame();
    bool wentBack(const std::string& before, const Expected<client::PageAnswer>& newest) const;
    void bringLive(std::vector<ReadItem> items, const std::string& cursor);
    bool took(const Expected<Brought>& brought);
    void tellHistory();
    void lost(const Error& why);
    void show(MirrorState::Is is, std::string detail = {});

    const MirrorWorld& world_;
    const Source source_;
    const Told told_;
    client::EndpointAddress address_;
    MirrorIntake intake_;
    const std::string secret_; ///< of the sign-in; empty without one
    std::unique_ptr<client::TokenSource> tokens_;
    std::optional<Error> unusable_; ///< why it cannot be read at all
    client::PageReader pages_;
    client::Backoff backoff_;
    std::unique_ptr<client::WalkGuard> guard_;
    std::unique_ptr<client::StreamReader> stream_;
    std::unique_ptr<client::HistoryThenLive> hosted_;
    std::unique_ptr<client::HostedTail> tail_; ///< until the newest page has been compared with what is stored
    MirrorPosition position_;
    bool isInTrouble_ = false; ///< since something went wrong, nothing has come
    bool isResumed_ = false;   ///< no page has been read since `begin`
    std::string remark_;     ///< what was left out, or may be missing
    std::optional<Timestamp> untoldFrom_, untoldTo_;
    QElapsedTimer lastTold_;
    client::Call page_;
    QTimer again_;
    QTimer look_; ///< runs while it is live
    std::chrono::milliseconds lookAfter_{};
};

} // namespace iotman::mirror
