// The contract lab's own side: a server of this program in memory.
#pragma once

#include "core/client/management.h"
#include "core/lab/here.h"
#include "core/model/clock.h"

#include <memory>
#include <thread>

namespace iotman {

/// Its endpoint has ties among its items, numbers that no double holds and keys in an order of their own; beside it is one where
/// something comes all the time. The server runs in threads of its own; the object's thread needs events.
class OwnLab final : public lab::Here {
    Q_OBJECT

public:
    /// `clock` and `random` must outlive it.
    OwnLab(lab::Access access, const Clock& clock, Random& random);
    ~OwnLab() override;

    void start() override;
    void leave() override;

Q_SIGNALS:
    void served(const QString& url); ///< told by the server's thread
    void ended();                    ///< the last that it tells

private:
    void run(const std::stop_token& stop);
    void fill(const QString& url);
    void putRows();
    void signIn();

    const lab::Access access_;
    const Clock& clock_;
    Random& random_;
    const std::string ownerKey_;
    const std::string secret_;
    client::Network network_;
    std::unique_ptr<client::TokenSource> owner_;
    std::unique_ptr<client::TokenSource> client_;
    std::unique_ptr<client::Management> management_;
    std::string url_;
    bool ended_ = false;
    std::jthread thread_;
};

} // namespace iotman
