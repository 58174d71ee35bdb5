// A file on its way in: how it is read, what its first rows become, then progress and a summary.
#pragma once

#include "core/import/detect.h"
#include "ui/pages/session.h"
#include "ui/sources/filedigest.h"
#include "ui/sources/importjob.h"
#include "ui/sources/importmemory.h"
#include "ui/sources/importsample.h"

#include <QDialog>
#include <QTimeZone>

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ImportPreview;
class ImportSettings;
class ImportSummary;

/// Everything about the file is detected, shown with its reason and may be changed; the preview shows the rows as they will be.
class ImportDialog : public QDialog {
    Q_OBJECT

public:
    /// Both must outlive it. `sources` are the workspace's, to choose from; `settings` remembers what was imported, and when that
    /// was is told in `zone`.
    ImportDialog(Session& session, std::vector<SourceView> sources, QSettings& settings, const QTimeZone& zone,
                 QWidget* parent = nullptr);
    ~ImportDialog() override;

    void setFile(const QString& path);
    const files::Options& options() const { return detected_.options; }
    QPushButton* importButton() const { return import_; }
    QTableWidget* preview() const;
    QComboBox* sourceField() const { return sourceName_; }
    QString warning() const; ///< that the file was imported there before; empty: nothing is known of that
    QString summaryText() const;

Q_SIGNALS:
    void previewed();                                ///< the preview shows the file as chosen now
    void imported(const iotman::SourceName& source); ///< rows were published
    void ended();                                    ///< an import has ended, well or not

public Q_SLOTS:
    void reject() override;

private:
    QWidget* choosePage();
    QWidget* runningPage();
    void browse();
    void sampled(Expected<FileSample> sample);
    void detect();
    void suggestSource();
    void updateImport();
    void warnOfSecondTime(const Expected<SourceName>& name);
    QString whyNot(const Expected<SourceName>& name) const;
    const SourceView* known(const SourceName& name) const;
    void begin();
    void makeSource(const SourceName& name);
    void run(const SourceName& name);
    void cancel();
    void progressed(const ImportProgress& progress);
    void finished(const Expected<ImportResult>& result);
    void removeSource(const Expected<ImportResult>& result);
    void showEnd(const Expected<ImportResult>& result);
    void remember();
    void makeOutput();
    QString rule() const;

    Session& session_;
    std::vector<SourceView> sources_;
    QString path_;
    std::optional<FileSample> sample_;
    files::Detected detected_;
    QString unreadable_; ///< why nothing can be imported as the file is read now
    QString suggested_;  ///< the source's name that was made of the file's
    ImportMemory memory_;
    QTimeZone zone_;
    FileDigest digests_;
    QByteArray digest_;                   ///< of the file; empty until it is known
    std::optional<Timestamp> importedAt_; ///< before its digest was known
    std::unique_ptr<ImportJob> job_;
    client::Call call_;
    std::optional<SourceName> source_; ///< of the import under way or done
    bool madeSource_ = false;          ///< by the import under way, for itself
    bool cancelled_ = false;           ///< the import under way

    QStackedWidget* pages_;
    QLabel* file_;
    BusyRing* busy_;
    MessageLine* error_;
    ImportSettings* settings_;
    ImportPreview* preview_;
    QComboBox* sourceName_;
    MessageLine* sourceError_;
    MessageLine* again_;
    QCheckBox* skipBad_;
    QCheckBox* output_;
    QPushButton* import_;
    QProgressBar* bar_;
    QLabel* progress_;
    ImportSummary* summary_;
};

/// A source's name made of a file's: `Motor 1kHz.csv` becomes `motor-1khz`.
std::string sourceNameFor(const QString& path);

} // namespace iotman::ui
