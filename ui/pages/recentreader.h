// The newest datapoints of some sources, asked of the workspace.
#pragma once

#include "core/client/management.h"
#include "ui/rules/recentdatapoints.h"

#include <QObject>

#include <map>
#include <memory>

namespace iotman::ui {

class Session;

/// Asks several sources at once and puts their answers in order. GUI thread only.
class RecentReader : public QObject {
    Q_OBJECT

public:
    using Datapoints = std::shared_ptr<const std::vector<RecentDatapoint>>;

    explicit RecentReader(Session& session, QObject* parent = nullptr);

    /// In place of what is on its way. Of many sources the first few are asked.
    void read(std::vector<SourceName> sources);
    void stop();
    bool isReading() const { return awaited_ > 0; }
    /// What came last; empty at first.
    const Datapoints& latest() const { return latest_; }

Q_SIGNALS:
    void took();                        ///< latest() is new
    void failed(const QString& reason); ///< nothing came

private:
    /// What one source gave. As many as were asked for: it may have more.
    struct Part {
        std::size_t asked = 0;
        std::vector<RecentDatapoint> newest;
        bool isFull() const { return newest.size() >= asked; }
    };

    void ask(const SourceName& source, std::size_t count);
    void answered(const SourceName& source, std::size_t asked, Expected<std::vector<RecentDatapoint>> datapoints);
    void finish();

    Session& session_;
    std::vector<client::Call> calls_;
    int awaited_ = 0;
    std::map<SourceName, Part> parts_;
    QString trouble_;
    Datapoints latest_ = std::make_shared<const std::vector<RecentDatapoint>>();
};

} // namespace iotman::ui
