// A long text in parts, each no more than a view lays out at once.
#pragma once

#include <QString>

#include <vector>

namespace iotman::ui {

/// Parts end with lines. A text that is not long is one part, and so is an empty one.
class TextParts {
public:
    TextParts()
        : TextParts(QString())
    {
    }
    explicit TextParts(const QString& text);

    const QString& whole() const { return text_; }
    int count() const { return static_cast<int>(begins_.size()); }
    int partAt(qsizetype position) const;
    qsizetype begin(int part) const { return begins_[static_cast<std::size_t>(part)]; }
    QString part(int part) const;

private:
    QString text_;
    std::vector<qsizetype> begins_;
};

} // namespace iotman::ui
