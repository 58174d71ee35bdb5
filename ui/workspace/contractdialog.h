// “Contract lab”: the same questions to an endpoint elsewhere and to one here, and where the answers differ.
#pragma once

#include "core/lab/comparison.h"
#include "core/lab/here.h"
#include "core/model/clock.h"
#include "ui/workspace/contractplan.h"
#include "ui/workspace/contractrows.h"

#include <QDialog>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ContractDetails;

/// What the dialog needs of the world. Secrets stay in memory, and only while it is open.
struct ContractWorld {
    const Clock& clock; ///< must outlive the dialog
    client::NetworkSettings network;
    lab::HereMaker here;
};

/// Not modal, and of no connection: it goes on while one works elsewhere. Findings show as they come.
class ContractDialog : public QDialog {
    Q_OBJECT

public:
    /// `endpoints`: addresses to choose from; the first one is there already.
    ContractDialog(ContractWorld world, const QStringList& endpoints, QWidget* parent = nullptr);
    ~ContractDialog() override;

    void setFields(const ContractFields& fields);
    void begin();
    void cancel();
    /// Writes the findings for test runners; where that fails the message line says why.
    bool saveTo(const QString& path);

    bool isRunning() const { return running_; }
    const std::vector<lab::Finding>& findings() const { return findings_; }
    QTableView* table() const { return table_; }
    ContractDetails* details() const { return details_; }
    MessageLine* message() const { return message_; }
    QPushButton* startButton() const { return start_; }
    QPushButton* copyButton() const { return copy_; }
    QPushButton* saveButton() const { return save_; }

private:
    void arrange();
    QLayout* form();
    ContractFields fields() const;
    void signIn();
    void findHere();
    void compare(const lab::Side& here);
    void took(const lab::Finding& finding);
    void ended();
    void failed(const QString& lead, const QString& sentence);
    void showChosen();
    void update();
    void copy();
    void save();

    ContractWorld world_;
    client::Network network_;
    std::optional<ContractPlan> plan_;
    std::unique_ptr<client::TokenSource> tokens_;
    std::unique_ptr<lab::Here> here_;
    std::unique_ptr<lab::Comparison> comparison_;
    std::vector<lab::Finding> findings_;
    bool running_ = false;

    QComboBox* url_;
    MessageLine* urlError_;
    QComboBox* beside_;
    QLineEdit* other_;
    MessageLine* otherError_;
    QLineEdit *client_, *secret_, *tokenUrl_;
    MessageLine* clientError_;
    QSpinBox* pause_;
    QPushButton *start_, *cancel_;
    BusyRing* ring_;
    QProgressBar* progress_;
    MessageLine* message_;
    RowsModel* model_;
    QTableView* table_;
    ContractDetails* details_;
    QLabel* summary_;
    QPushButton *copy_, *save_, *close_;
};

} // namespace iotman::ui
