#include "ui/rules/previewrunner.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace iotman::ui {

namespace {

constexpr std::size_t shownRows = 20;
constexpr std::chrono::milliseconds mostTime(2'000);

} // namespace

PreviewRunner::PreviewRunner(QObject* parent)
    : QObject(parent)
{
}

PreviewRunner::~PreviewRunner()
{
    cancel();
}

void PreviewRunner::cancel()
{
    if (cancelled_)
        *cancelled_ = true;
    cancelled_.reset();
}

void PreviewRunner::run(const std::string& filter, const std::string& rule, const Datapoints& datapoints)
{
    cancel();
    cancelled_ = std::make_shared<std::atomic<bool>>(false);
    QThreadPool::globalInstance()->start([self = QPointer(this), cancelled = cancelled_, filter, rule, datapoints] {
        auto made = std::make_shared<Preview>(preview(filter, rule, *datapoints, shownRows, mostTime, *cancelled));
        QMetaObject::invokeMethod(qApp, [self, cancelled, made] {
            if (self && !*cancelled)
                Q_EMIT self->done(*made);
        });
    });
}

} // namespace iotman::ui
