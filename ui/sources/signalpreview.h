// A signal as it will come, drawn small.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

namespace iotman::ui {

/// One value a pixel column, or less; a gap where the signal is missing. Says in words what it draws, also to screen readers.
class SignalPreview : public QWidget {
    Q_OBJECT

public:
    explicit SignalPreview(QWidget* parent = nullptr);

    /// `values` at equal distances over `seconds`. Empty: nothing to draw.
    void setValues(std::vector<std::optional<double>> values, double seconds);
    QString sentence() const { return sentence_; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<std::optional<double>> values_;
    double least_ = 0;
    double most_ = 0;
    QString sentence_;
};

} // namespace iotman::ui
