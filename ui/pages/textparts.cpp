#include "ui/pages/textparts.h"

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr qsizetype partSize = 100'000; // characters; a part has a few more to the end of its line

} // namespace

TextParts::TextParts(const QString& text)
    : text_(text)
    , begins_{0}
{
    while (text_.size() - begins_.back() > partSize) {
        const qsizetype line = text_.indexOf(u'\n', begins_.back() + partSize - 1);
        if (line < 0 || line + 1 == text_.size())
            break;
        begins_.push_back(line + 1);
    }
}

int TextParts::partAt(qsizetype position) const
{
    return static_cast<int>(std::upper_bound(begins_.begin() + 1, begins_.end(), position) - begins_.begin()) - 1;
}

QString TextParts::part(int part) const
{
    return text_.mid(begin(part), (part + 1 < count() ? begin(part + 1) : text_.size()) - begin(part));
}

} // namespace iotman::ui
