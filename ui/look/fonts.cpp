#include "ui/look/fonts.h"

#include <QApplication>
#include <QFontDatabase>

namespace iotman {

QFont scaledFont(QFont font, double factor)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qMax(1, qRound(font.pixelSize() * factor)));
    return font;
}

QFont monospaceFont()
{
    // The fixed font follows the size of the application's, which a user may have set apart from the system's.
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont general = QApplication::font();
    if (general.pointSizeF() > 0)
        font.setPointSizeF(general.pointSizeF());
    else
        font.setPixelSize(general.pixelSize());
    return scaledFont(font, 0.92);
}

QFont titleFont()
{
    QFont font = scaledFont(QApplication::font(), 1.15);
    font.setBold(true);
    return font;
}

QFont headFont()
{
    QFont font = QApplication::font();
    font.setBold(true);
    return font;
}

QFont noteFont()
{
    return scaledFont(QApplication::font(), 0.9);
}

} // namespace iotman
