// SIGTERM and SIGINT as a Qt signal.
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qsocketnotifier.h>

namespace iotman {

/// Blocks both signals for the whole process; make it before the first thread.
class TerminationSignals final : public QObject {
    Q_OBJECT

public:
    TerminationSignals();
    ~TerminationSignals() override;

Q_SIGNALS:
    void received();

private:
    int descriptor_ = -1;
    QSocketNotifier* notifier_ = nullptr;
};

} // namespace iotman
