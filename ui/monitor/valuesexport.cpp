#include "ui/monitor/valuesexport.h"

#include "ui/chart/chartboard.h"
#include "ui/chart/zonetext.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
#include <QProgressDialog>
#include <QSaveFile>
#include <QtSvg/QSvgGenerator>

#include <algorithm>

namespace iotman {

namespace {

constexpr std::size_t samplesInSlice = 20'000; ///< about ten milliseconds
constexpr std::size_t mostCopied = 200'000;    ///< samples that a clipboard takes
constexpr int pictureDpi = 96;

Error cannotWrite(const QString& file, const QString& why)
{
    return {Problem::Internal, ValuesExport::tr("%1 cannot be written: %2").arg(file, why).toStdString(), {}};
}

} // namespace

ValuesExport::ValuesExport(std::shared_ptr<const SeriesSet> set, ChartBoard& board, QWidget* parent)
    : QObject(parent)
    , set_(std::move(set))
    , board_(board)
    , window_(parent)
{
    slice_.callOnTimeout(this, &ValuesExport::writeSlice);
}

ValuesExport::~ValuesExport() = default;

void ValuesExport::setLines(const std::vector<TickedLine>& lines)
{
    series_.clear();
    for (const TickedLine& line : lines)
        series_.push_back(line.series);
}

// ---- The menu

void ValuesExport::fill(QMenu& menu)
{
    menu.addAction(tr("Save picture…"), this, &ValuesExport::askForPicture);
    menu.addAction(tr("Copy picture"), this, &ValuesExport::copyPicture);
    menu.addSeparator();
    menu.addAction(tr("Save values seen…"), this, [this] { askForValues(Extent::Seen); })->setEnabled(!series_.empty());
    menu.addAction(tr("Save all values…"), this, [this] { askForValues(Extent::All); })->setEnabled(!series_.empty());
    menu.addAction(tr("Copy values seen"), this, &ValuesExport::copyValues)->setEnabled(!series_.empty());
}

void ValuesExport::showMenu(QWidget* near)
{
    auto* menu = new QMenu(near);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(*menu);
    menu->popup(QCursor::pos());
}

void ValuesExport::askForPicture()
{
    const QString file = QFileDialog::getSaveFileName(window_, tr("Save picture"), QStringLiteral("chart.png"),
                                                      tr("PNG picture (*.png);;SVG drawing (*.svg);;PDF document (*.pdf)"));
    if (file.isEmpty())
        return;
    const auto saved = savePicture(file);
    if (!saved)
        Q_EMIT failed(QString::fromStdString(saved.error().detail));
}

void ValuesExport::askForValues(Extent extent)
{
    const QString file = QFileDialog::getSaveFileName(window_, tr("Save values"), QStringLiteral("values.csv"),
                                                      tr("CSV table (*.csv);;NDJSON, one object a line (*.ndjson)"));
    if (file.isEmpty())
        return;
    if (const auto begun = saveValues(file, extent); !begun)
        Q_EMIT failed(QString::fromStdString(begun.error().detail));
    if (!file_)
        return;
    progress_ = new QProgressDialog(tr("Writing %1").arg(QFileInfo(file).fileName()), tr("Cancel"), 0, 100, window_);
    progress_->setAttribute(Qt::WA_DeleteOnClose);
    progress_->setMinimumDuration(1000);
    connect(this, &ValuesExport::progressed, progress_, &QProgressDialog::setValue);
    connect(progress_, &QProgressDialog::canceled, this, &ValuesExport::cancel);
    connect(this, &ValuesExport::finished, progress_, [this](const QString& error) {
        progress_->close();
        if (!error.isEmpty())
            Q_EMIT failed(error);
    });
}

// ---- Pictures

Expected<void> ValuesExport::savePicture(const QString& file)
{
    const std::pair<const char*, PictureFormat> formats[] = {
        {"png", PictureFormat::Png}, {"svg", PictureFormat::Svg}, {"pdf", PictureFormat::Pdf}};
    for (const auto& [ending, format] : formats)
        if (QFileInfo(file).suffix().toLower() == QLatin1String(ending))
            return savePicture(file, format);
    return tl::unexpected(Error{
        Problem::BadRequest, tr("A picture's name ends with .png, .svg or .pdf; this one is “%1”.").arg(file).toStdString(), {}});
}

Expected<void> ValuesExport::savePicture(const QString& file, PictureFormat format)
{
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly))
        return tl::unexpected(cannotWrite(file, target.errorString()));
    const QSize size = board_.contentSize();
    if (format == PictureFormat::Png) {
        board_.picture(std::max(board_.devicePixelRatioF(), 1.0)).save(&target, "PNG");
    } else if (format == PictureFormat::Svg) {
        QSvgGenerator drawing;
        drawing.setOutputDevice(&target);
        drawing.setSize(size);
        drawing.setViewBox(QRect({0, 0}, size));
        drawing.setTitle(tr("Chart"));
        QPainter painter(&drawing);
        board_.drawOn(painter);
    } else {
        QPdfWriter document(&target);
        document.setResolution(pictureDpi);
        document.setPageMargins({});
        document.setPageSize(QPageSize(QSizeF(size) * 72 / pictureDpi, QPageSize::Point));
        document.setTitle(tr("Chart"));
        QPainter painter(&document);
        board_.drawOn(painter);
    }
    if (!target.commit())
        return tl::unexpected(cannotWrite(file, target.errorString()));
    return {};
}

void ValuesExport::copyPicture()
{
    QApplication::clipboard()->setImage(board_.picture(std::max(board_.devicePixelRatioF(), 1.0)));
}

// ---- Values

TimeRange ValuesExport::rangeOf(Extent extent) const
{
    if (extent == Extent::Seen)
        return board_.link().view().time;
    std::optional<TimeRange> all;
    for (const SeriesId id : series_)
        if (set_->contains(id) && !set_->series(id).isEmpty()) {
            const Series& series = set_->series(id);
            const TimeRange own{series.firstTime(), {series.lastTime().us + 1}};
            all = all ? TimeRange{std::min(all->from, own.from), std::max(all->to, own.to)} : own;
        }
    return all.value_or(TimeRange{});
}

void ValuesExport::tellWhatIsLeftOut(Extent extent)
{
    std::optional<Timestamp> until;
    for (const SeriesId id : series_) {
        if (!set_->contains(id))
            continue;
        const Series& series = set_->series(id);
        if (extent == Extent::All ? !series.remnants().isEmpty() : !series.isWhole(rangeOf(extent)))
            until = std::max(until.value_or(Timestamp::min()), series.remnants().lastTime());
    }
    if (until)
        Q_EMIT leftOut(tr("Of the time up to %1 only summaries are kept in memory; the values written begin after it. The "
                          "endpoint’s pages still have all of them.")
                           .arg(momentText(*until, zone_, QLocale())));
}

RowWriter ValuesExport::writer(RowWriter::Format format) const
{
    return {format, *set_, series_, zoneName(zone_).toStdString(), offsetsOf(zone_)};
}

Expected<void> ValuesExport::saveValues(const QString& file, Extent extent)
{
    cancel();
    const QString ending = QFileInfo(file).suffix().toLower();
    const bool isCsv = ending == QLatin1String("csv");
    if (!isCsv && ending != QLatin1String("ndjson") && ending != QLatin1String("jsonl"))
        return tl::unexpected(Error{Problem::BadRequest,
                                    tr("A file of values ends with .csv or .ndjson; this one is “%1”.").arg(file).toStdString(),
                                    {}});
    auto target = std::make_unique<QSaveFile>(file);
    if (!target->open(QIODevice::WriteOnly))
        return tl::unexpected(cannotWrite(file, target->errorString()));
    file_ = std::move(target);
    rows_ = std::make_unique<RowWriter>(writer(isCsv ? RowWriter::Format::Csv : RowWriter::Format::Ndjson));
    file_->write(QByteArray::fromStdString(rows_->head()));
    slices_.clear();
    std::vector<SeriesId> there;
    std::copy_if(series_.begin(), series_.end(), std::back_inserter(there), [&](SeriesId id) { return set_->contains(id); });
    if (const TimeRange range = rangeOf(extent); !range.isEmpty())
        slices_ = partsOf(*set_, there, range, samplesInSlice);
    sliceCount_ = std::max<std::size_t>(slices_.size(), 1);
    slice_.start(0);
    tellWhatIsLeftOut(extent);
    return {};
}

void ValuesExport::writeSlice()
{
    if (slices_.empty()) {
        const bool isWhole = file_->commit();
        return end(isWhole ? QString() : QString::fromStdString(cannotWrite(file_->fileName(), file_->errorString()).detail));
    }
    const std::string rows = rows_->rows(slices_.back());
    slices_.pop_back();
    if (file_->write(rows.data(), static_cast<qint64>(rows.size())) != static_cast<qint64>(rows.size()))
        return end(QString::fromStdString(cannotWrite(file_->fileName(), file_->errorString()).detail));
    Q_EMIT progressed(static_cast<int>((sliceCount_ - slices_.size()) * 100 / sliceCount_));
}

void ValuesExport::cancel()
{
    slice_.stop();
    file_.reset(); // uncommitted: nothing is left of it
    rows_.reset();
}

void ValuesExport::end(const QString& error)
{
    cancel();
    Q_EMIT finished(error);
}

void ValuesExport::copyValues()
{
    TimeRange range = rangeOf(Extent::Seen);
    std::size_t samples = 0;
    for (const SeriesId id : series_)
        samples += set_->contains(id) ? set_->series(id).count(range) : 0;
    if (samples > mostCopied)
        return Q_EMIT failed(
            tr("%L1 values are more than a clipboard should hold. Save them as a file, or zoom in.").arg(samples));
    const RowWriter rows = writer(RowWriter::Format::Csv);
    QApplication::clipboard()->setText(QString::fromStdString(rows.head() + rows.rows(range)));
    tellWhatIsLeftOut(Extent::Seen);
}

} // namespace iotman
