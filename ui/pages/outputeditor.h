// The form in which an output is written.
#pragma once

#include "ui/pages/outputtexts.h"
#include "ui/pages/session.h"
#include "ui/rules/recentdatapoints.h"

#include <QWidget>

#include <span>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace iotman {
class MessageLine;
}

namespace iotman::ui {

class RuleEditor;
class SourcesButton;

/// Name, sources, filter, rule, and the fields that recent datapoints have, to put into them. It holds what is typed; what is
/// stored and saved is its page's. GUI thread only.
class OutputEditor : public QWidget {
    Q_OBJECT

public:
    explicit OutputEditor(QWidget* parent = nullptr);

    /// Shows `fields` to be edited; nothing: the form of a new output, with its rule still to be written.
    void setFields(const OutputFields& fields);
    OutputFields fields() const;
    /// Says what is wrong with the name; empty: nothing is.
    void setNameFault(const QString& fault);
    void setSources(const std::vector<SourceView>& sources);
    /// The sources that are read.
    std::vector<SourceName> readSources() const;
    void setDatapoints(std::span<const RecentDatapoint> datapoints);

    /// Whether it may be edited, and if not, why.
    void setPermit(const Permit& permit);
    /// How many datapoints are stored, for the question whether to apply the rule to them.
    void setStored(qint64 datapoints);
    bool appliesToStored() const;
    /// How far the rule has been applied to what is stored; nothing: it is not being applied.
    void setApplying(const std::optional<std::pair<std::int64_t, std::int64_t>>& applying);
    /// What stands beside Save: “Unsaved changes”, and whether there are some.
    void setState(const QString& text, bool modified);
    /// A failure to save, or what else there is to say above the buttons; empty: nothing.
    void setMessage(const QString& error);
    /// What the output has done so far, and where it is served.
    void setNote(const QString& note, const QString& lastError);

    /// No part of it has a fault of its own; names are the page's to judge.
    bool isFaultless() const;
    RuleEditor* filter() const { return filter_; }
    RuleEditor* rule() const { return rule_; }
    QLineEdit* name() const { return name_; }
    QPushButton* saveButton() const { return save_; }
    QPushButton* revertButton() const { return revert_; }

Q_SIGNALS:
    void edited();        ///< by a person or by code: fields() may have changed
    void sourcesEdited(); ///< other sources are read
    void saveRequested();
    void revertRequested();
    void cancelApplyingRequested();

private:
    void arrange();
    void showFaults();
    void insertField();
    RuleEditor* lastEdited() const;

    QLineEdit* name_;
    MessageLine* nameFault_;
    SourcesButton* sources_;
    RuleEditor* filter_;
    MessageLine* filterFault_;
    RuleEditor* rule_;
    QLabel* place_;
    MessageLine* ruleFault_;
    QLabel* note_;
    MessageLine* lastError_;
    QTreeWidget* seen_;
    QWidget* applying_;
    QProgressBar* progress_;
    QPushButton* cancel_;
    QCheckBox* apply_;
    MessageLine* message_;
    QLabel* state_;
    QPushButton* revert_;
    QPushButton* save_;
    Permit permit_;
    bool modified_ = false;
    bool filterLast_ = false; ///< the filter had the focus last
};

} // namespace iotman::ui
