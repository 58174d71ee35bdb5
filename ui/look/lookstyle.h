// The style of the program: Fusion's behaviour, drawn as the palette and the extras say.
#pragma once

#include "ui/look/look.h"

#include <QProxyStyle>

namespace iotman {

class FocusRing;

/// Installed by applyLook(). What it draws depends on the option's palette alone, so a change of palette needs no new style.
class LookStyle : public QProxyStyle {
    Q_OBJECT

public:
    LookStyle();
    ~LookStyle() override;

    static constexpr char smallProperty[] = "iotmanSmall"; ///< of a widget that makeSmall() was called for

    void setMotion(Motion motion) { motion_ = motion; }

    void polish(QApplication*) override;
    void unpolish(QApplication*) override;
    void polish(QWidget*) override;
    using QProxyStyle::polish;
    using QProxyStyle::unpolish;

    void drawPrimitive(PrimitiveElement, const QStyleOption*, QPainter*, const QWidget* = nullptr) const override;
    void drawControl(ControlElement, const QStyleOption*, QPainter*, const QWidget* = nullptr) const override;
    void drawComplexControl(ComplexControl, const QStyleOptionComplex*, QPainter*, const QWidget* = nullptr) const override;
    QRect subElementRect(SubElement, const QStyleOption*, const QWidget* = nullptr) const override;
    QRect subControlRect(ComplexControl, const QStyleOptionComplex*, SubControl, const QWidget* = nullptr) const override;
    QSize sizeFromContents(ContentsType, const QStyleOption*, const QSize&, const QWidget* = nullptr) const override;
    int pixelMetric(PixelMetric, const QStyleOption* = nullptr, const QWidget* = nullptr) const override;
    int styleHint(StyleHint, const QStyleOption* = nullptr, const QWidget* = nullptr, QStyleHintReturn* = nullptr) const override;
    QIcon standardIcon(StandardPixmap, const QStyleOption* = nullptr, const QWidget* = nullptr) const override;
    QPixmap standardPixmap(StandardPixmap, const QStyleOption* = nullptr, const QWidget* = nullptr) const override;

protected:
    bool eventFilter(QObject*, QEvent*) override;

private:
    bool drawButtonPrimitive(PrimitiveElement, const QStyleOption*, QPainter*, const QWidget*) const;
    bool drawInputPrimitive(PrimitiveElement, const QStyleOption*, QPainter*, const QWidget*) const;
    bool drawViewPrimitive(PrimitiveElement, const QStyleOption*, QPainter*, const QWidget*) const;
    bool drawFramePrimitive(PrimitiveElement, const QStyleOption*, QPainter*, const QWidget*) const;

    void drawPushButtonLabel(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawHeader(const QStyleOption*, QPainter*) const;
    void drawItem(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawTabLabel(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawMenuItem(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawMenuBarItem(const QStyleOption*, QPainter*) const;
    void drawToolButtonLabel(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawSlider(const QStyleOptionComplex*, QPainter*, const QWidget*) const;
    void drawProgress(const QStyleOption*, QPainter*, const QWidget*) const;
    void drawComboBox(const QStyleOptionComplex*, QPainter*, const QWidget*) const;
    void drawSpinBox(const QStyleOptionComplex*, QPainter*, const QWidget*) const;

    Motion motion_ = Motion::Full;
    FocusRing* focusRing_ = nullptr; ///< a child of this
};

/// Makes a button, combo, spin box or line edit 24 high instead of 28: for those in rows and beside titles.
void makeSmall(QWidget*);

/// Gives an input or a view the border of one with a fault in it; the words stand in a MessageLine below it.
void setFaulty(QWidget*, bool faulty);
bool isFaulty(const QWidget*);

} // namespace iotman
