// Work that would keep the window waiting: a slow disk, an expensive passphrase.
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace iotman::ui {

/// Runs `work` on a thread of the pool and hands what it returns to `reply`, on the GUI thread; not when `context` has gone by then.
template <class Work, class Reply>
void aside(QObject* context, Work work, Reply reply)
{
    QThreadPool::globalInstance()->start([context = QPointer(context), work = std::move(work), reply = std::move(reply)]() mutable {
        auto made = work();
        QMetaObject::invokeMethod(qApp, [context, reply = std::move(reply), made = std::move(made)] {
            if (context)
                reply(made);
        });
    });
}

} // namespace iotman::ui
