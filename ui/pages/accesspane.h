// What the tabs of the page Access have in common.
#pragma once

#include "ui/pages/deletequestion.h"
#include "ui/pages/gototarget.h"
#include "ui/pages/session.h"
#include "ui/pages/words.h"

#include <QTimeZone>
#include <QWidget>

#include <vector>

namespace iotman::ui {

/// A tab; its actions() become the page's while it is shown.
class AccessPane : public QWidget {
    Q_OBJECT

public:
    explicit AccessPane(Session& session, QWidget* parent = nullptr);

    void setZone(const QTimeZone& zone);
    /// Makes what has this id the current row.
    virtual void choose(const QString& id);
    /// Ids and texts of what “go to anything” finds here.
    virtual std::vector<std::pair<QString, QString>> places() const;
    /// Takes back the last change that said so.
    virtual void undo();

Q_SIGNALS:
    /// Something was done: a sentence for the toast.
    void said(const QString& sentence, bool canUndo);

protected:
    /// Lists, role, state or zone have changed.
    virtual void reload() = 0;
    void showEvent(QShowEvent*) override;

    Session& session() const { return session_; }
    ReadingContext context() const;
    Environment environment() const { return session_.connection().environment; }

private:
    Session& session_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
};

} // namespace iotman::ui
