// Makes previews beside the window's thread: a rule may take its time, the window must not.
#pragma once

#include "ui/rules/rulepreview.h"

#include <QObject>

#include <memory>

namespace iotman::ui {

/// Only the newest request is answered. GUI thread only; the work is done in QThreadPool's threads.
class PreviewRunner : public QObject {
    Q_OBJECT

public:
    using Datapoints = std::shared_ptr<const std::vector<RecentDatapoint>>;

    explicit PreviewRunner(QObject* parent = nullptr);
    ~PreviewRunner() override;

    /// Asks for a preview in place of what is under way. Both texts must compile.
    void run(const std::string& filter, const std::string& rule, const Datapoints& datapoints);
    void cancel();

Q_SIGNALS:
    void done(const iotman::ui::Preview& preview);

private:
    std::shared_ptr<std::atomic<bool>> cancelled_; ///< of the request under way
};

} // namespace iotman::ui
