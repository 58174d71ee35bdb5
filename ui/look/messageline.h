// A line beside the thing it is about: an error, a warning, a hint, a success.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace iotman {

/// An icon and a sentence on a tint, with at most one button. Screen readers announce it when it appears or changes.
class MessageLine : public QWidget {
    Q_OBJECT

public:
    enum class Kind { Error, Warning, Info, Success };

    explicit MessageLine(QWidget* parent = nullptr);
    MessageLine(Kind kind, const QString& text, QWidget* parent = nullptr);

    /// Plain text. `lead` comes first and bold: what happened; `text`: why, and what to do.
    void setMessage(Kind kind, const QString& text, const QString& lead = {});
    Kind kind() const { return kind_; }
    QString text() const; ///< lead and text as one sentence, as it is read out

    /// Shows `message` when there is one and hides the line when there is none.
    void setError(const QString& message);

    /// The one button; an empty text takes it away. Connect buttonClicked.
    void setButton(const QString& text, const QString& iconName = {});
    QPushButton* button() const { return button_; }
    /// A button that takes the line away, for what stands until a person has read it.
    void letClose();

    /// Untinted, for the line under a field: there the sentence itself has the colour.
    void setTinted(bool tinted);

Q_SIGNALS:
    void buttonClicked();

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent*) override;
    void showEvent(QShowEvent*) override;

private:
    void arrange();
    void announce();

    Kind kind_ = Kind::Info;
    bool tinted_ = true;
    QString lead_;
    QString text_;
    QLabel* label_;
    QPushButton* button_;
};

} // namespace iotman
