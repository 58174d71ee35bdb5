#include "ui/sources/importsummary.h"

#include "core/client/text.h"
#include "ui/look/icons.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/pages/words.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr int mostShownRefusals = 100;

} // namespace

ImportSummary::ImportSummary(QWidget* parent)
    : QWidget(parent)
    , counts_(new MessageLine(this))
    , output_(new MessageLine(this))
    , refusedNote_(new QLabel(this))
    , refused_(new QTableWidget(0, 2, this))
    , saveRefused_(new QPushButton(icon(u"save"), tr("Save all as CSV\u2026"), this))
    , close_(new QPushButton(tr("Close"), this))
{
    output_->hide();
    refused_->setHorizontalHeaderLabels({tr("Line"), tr("Why it was refused")});
    refused_->setAccessibleName(tr("Refused rows"));
    refused_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    refused_->verticalHeader()->hide();
    refused_->horizontalHeader()->setStretchLastSection(true);
    auto* backButton = new QPushButton(icon(u"back"), tr("Back"), this);
    backButton->setAutoDefault(false);
    saveRefused_->setAutoDefault(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(saveRefused_);
    buttons->addStretch();
    buttons->addWidget(backButton);
    buttons->addWidget(close_);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::smallSpace);
    rows->addWidget(counts_);
    rows->addWidget(output_);
    rows->addWidget(refusedNote_);
    rows->addWidget(refused_, 1);
    rows->addStretch();
    rows->addLayout(buttons);
    connect(saveRefused_, &QPushButton::clicked, this, &ImportSummary::saveRefusals);
    connect(backButton, &QPushButton::clicked, this, &ImportSummary::back);
    connect(close_, &QPushButton::clicked, this, &ImportSummary::closed);
}

void ImportSummary::showResult(const QString& file, const SourceName& source, const Expected<ImportResult>& result)
{
    file_ = file;
    count_ = result ? result->count : files::ImportCount();
    output_->hide();
    if (result)
        showCounts(source, *result);
    else
        counts_->setMessage(MessageLine::Kind::Error, errorText(result.error()), tr("Nothing was stored."));
    showRefusals();
    close_->setDefault(true);
    close_->setFocus();
}

void ImportSummary::showCounts(const SourceName& source, const ImportResult& result)
{
    const auto number = [this](std::int64_t n) { return locale().toString(static_cast<qlonglong>(n)); };
    QString text = tr("%Ln rows read: %1 accepted, %2 refused, in %3.", nullptr, pluralCount(count_.rows + count_.refused))
                       .arg(number(result.accepted), number(count_.refused), elapsedWord(result.took, locale()));
    if (result.accepted == 0 && count_.refused > 0) {
        counts_->setMessage(MessageLine::Kind::Error, text + u' ' + tr("Mend them, or choose “Skip bad rows”."),
                            tr("Nothing was stored."));
        return;
    }
    if (const std::int64_t skipped = count_.oddHours.skipped; skipped > 0)
        text +=
            u' ' + tr("%Ln times lay in an hour that the clocks skipped and were moved forward.", nullptr, pluralCount(skipped));
    if (const std::int64_t twice = count_.oddHours.twice; twice > 0)
        text += u' ' + tr("%Ln times lay in an hour that came twice and are the earlier.", nullptr, pluralCount(twice));
    counts_->setMessage(count_.refused > 0 ? MessageLine::Kind::Warning : MessageLine::Kind::Success, text,
                        tr("Imported into “%1”.").arg(toQt(source.text)));
}

void ImportSummary::showRefusals()
{
    const int shown = static_cast<int>(std::min<std::size_t>(count_.refusals.size(), mostShownRefusals));
    refused_->setRowCount(shown);
    for (int i = 0; i < shown; ++i) {
        const files::Refusal& refusal = count_.refusals[static_cast<std::size_t>(i)];
        refused_->setItem(i, 0, new QTableWidgetItem(QString::number(refusal.line)));
        refused_->setItem(i, 1, new QTableWidgetItem(toQt(refusal.reason)));
    }
    refused_->setVisible(shown > 0);
    refusedNote_->setVisible(shown > 0);
    saveRefused_->setVisible(shown > 0);
    refusedNote_->setText(count_.refused > shown
                              ? tr("The first %1 of %2 refused rows:")
                                    .arg(locale().toString(shown), locale().toString(static_cast<qlonglong>(count_.refused)))
                              : tr("Refused rows:"));
}

void ImportSummary::showOutput(const Expected<OutputView>& made)
{
    if (made)
        output_->setMessage(MessageLine::Kind::Info, tr("Give it an endpoint on the page Endpoints."),
                            tr("Output “%1” was made.").arg(toQt(made->output.name.text)));
    else
        output_->setMessage(MessageLine::Kind::Error, errorText(made.error()), tr("The output was not made."));
    output_->show();
}

void ImportSummary::saveRefusals()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save refused rows"),
                                                      QFileInfo(file_).completeBaseName() + QStringLiteral("-refused.csv"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(client::toBytes(files::refusalsCsv(count_.refusals))) < 0 ||
        !file.commit())
        counts_->setMessage(MessageLine::Kind::Error, tr("%1 could not be written: %2").arg(path, file.errorString()));
}

QString ImportSummary::text() const
{
    return counts_->text();
}

} // namespace iotman::ui
