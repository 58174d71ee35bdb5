#include "ui/sources/numberedit.h"

#include "core/client/text.h"

#include <QLocale>

namespace iotman::ui {

namespace {

constexpr int shownDigits = 12;
constexpr int widest = 110;

} // namespace

NumberEdit::NumberEdit(const QString& name, QWidget* parent)
    : QLineEdit(parent)
{
    setAccessibleName(name);
    setMaximumWidth(widest);
}

void NumberEdit::setNumber(double number)
{
    number_ = number;
    QLocale plain = locale();
    plain.setNumberOptions(QLocale::OmitGroupSeparator);
    shown_ = plain.toString(number, 'g', shownDigits);
    setText(shown_);
}

void NumberEdit::setValue(const Json& value, double fallback)
{
    if (value.is_string())
        setText(client::toQt(value.get<std::string>()));
    else
        setNumber(isNumber(value) ? numberIn(value) : fallback);
}

Json NumberEdit::value() const
{
    const QString typed = text().trimmed();
    if (typed == shown_)
        return number_;
    bool fine = false;
    double number = locale().toDouble(typed, &fine);
    if (!fine)
        number = QLocale::c().toDouble(typed, &fine);
    return fine ? Json(number) : Json(client::fromQt(typed));
}

} // namespace iotman::ui
