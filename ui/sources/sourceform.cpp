#include "ui/sources/sourceform.h"

#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"

#include <QComboBox>
#include <QFormLayout>

namespace iotman::ui {

QString SourceForm::showFault(const std::string& pointer)
{
    atFault_ = nullptr;
    QString sentence;
    for (const Judged& one : fields_) {
        setFaulty(one.field, false);
        one.line->setError({});
    }
    for (const Judged& one : fields_) {
        if (one.pointer != pointer)
            continue;
        sentence = one.sentence;
        // What nobody has chosen yet is no mistake.
        if (const auto* box = qobject_cast<QComboBox*>(one.field); box && box->currentIndex() < 0)
            continue;
        atFault_ = one.field;
        setFaulty(one.field, true);
        one.line->setError(sentence);
    }
    return sentence;
}

bool SourceForm::focusFault()
{
    if (atFault_)
        atFault_->setFocus();
    return atFault_;
}

void SourceForm::judged(std::string pointer, QWidget* field, MessageLine* line, const QString& sentence)
{
    fields_.push_back({std::move(pointer), field, line, sentence});
}

MessageLine* fieldError(QWidget* parent)
{
    auto* line = new MessageLine(parent);
    line->setTinted(false);
    line->hide();
    return line;
}

QFormLayout* formIn(QWidget* parent)
{
    auto* form = new QFormLayout(parent);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

} // namespace iotman::ui
