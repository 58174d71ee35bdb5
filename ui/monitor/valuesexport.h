// Takes pictures and values of a board away: to files and to the clipboard.
#pragma once

#include "ui/monitor/fieldsmodel.h"
#include "ui/monitor/rowwriter.h"

#include <QObject>
#include <QTimeZone>
#include <QTimer>

#include <memory>
#include <vector>

class QFileDevice;
class QMenu;
class QProgressDialog;
class QSaveFile;

namespace iotman {

class ChartBoard;

enum class PictureFormat { Png, Svg, Pdf };

/// Pictures: PNG, SVG, PDF, by the ending of the file's name. Values: CSV, NDJSON; of the stretch that is seen, or of all there
/// is, in slices, so that nothing waits. A file is there whole or not at all. GUI thread.
class ValuesExport : public QObject {
    Q_OBJECT

public:
    enum class Extent { Seen, All };

    /// `board` must outlive this.
    ValuesExport(std::shared_ptr<const SeriesSet> set, ChartBoard& board, QWidget* parent);
    ~ValuesExport() override;

    void setLines(const std::vector<TickedLine>& lines);
    void setTimeZone(const QTimeZone& zone) { zone_ = zone; }

    /// What can be taken away, at the pointer.
    void showMenu(QWidget* near);
    /// Fills `menu` with it.
    void fill(QMenu& menu);

    /// Errors: BadRequest for an ending that is none of a picture's, Internal where the file cannot be written.
    Expected<void> savePicture(const QString& file);
    /// Whatever the file's name.
    Expected<void> savePicture(const QString& file, PictureFormat format);
    /// Begins to write; `finished` tells the end. Errors as above.
    Expected<void> saveValues(const QString& file, Extent extent);
    /// Ends what was begun without a file.
    void cancel();
    void copyPicture();
    /// What is seen, as CSV.
    void copyValues();

Q_SIGNALS:
    void progressed(int percent);
    /// An empty text: all is written.
    void finished(const QString& error);
    /// Nothing was written, or copied: a sentence that says why.
    void failed(const QString& sentence);
    /// The stretch that is written has values of which only summaries are in memory: a sentence that says up to when.
    void leftOut(const QString& sentence);

private:
    TimeRange rangeOf(Extent extent) const;
    void tellWhatIsLeftOut(Extent extent);
    RowWriter writer(RowWriter::Format format) const;
    void askForPicture();
    void askForValues(Extent extent);
    void writeSlice();
    void end(const QString& error);

    std::shared_ptr<const SeriesSet> set_;
    ChartBoard& board_;
    QWidget* window_;
    std::vector<SeriesId> series_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();

    std::unique_ptr<QSaveFile> file_;
    std::unique_ptr<RowWriter> rows_;
    std::vector<TimeRange> slices_; ///< the next one last
    std::size_t sliceCount_ = 0;
    QTimer slice_;
    QProgressDialog* progress_ = nullptr;
};

} // namespace iotman
