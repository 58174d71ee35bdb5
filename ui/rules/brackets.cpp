#include "ui/rules/brackets.h"

#include <algorithm>
#include <vector>

namespace iotman::ui {

namespace {

constexpr QStringView opening = u"([{";
constexpr QStringView closing = u")]}";

/// The end of a text or comment that begins at `at`, or `at`.
qsizetype skipped(QStringView text, qsizetype at)
{
    if (text[at] == u'"') {
        qsizetype end = at + 1;
        while (end < text.size() && text[end] != u'"')
            end += text[end] == u'\\' ? 2 : 1;
        return std::min(end + 1, text.size());
    }
    if (text.sliced(at).startsWith(u"/*")) {
        const qsizetype end = text.indexOf(u"*/", at + 2);
        return end < 0 ? text.size() : end + 2;
    }
    return at;
}

} // namespace

std::optional<std::pair<int, int>> bracketsAt(QStringView text, int cursor)
{
    std::vector<qsizetype> open;
    std::optional<std::pair<int, int>> found; // the one before the cursor counts before the one behind it
    const auto meet = [&](qsizetype place, qsizetype partner) {
        for (const qsizetype one : {place, partner})
            if (one >= 0 && (one == cursor || one == cursor - 1) && (!found || one == cursor - 1))
                found = {static_cast<int>(one), static_cast<int>(one == place ? partner : place)};
    };
    for (qsizetype at = 0; at < text.size();) {
        if (const qsizetype end = skipped(text, at); end > at) {
            at = end;
            continue;
        }
        if (opening.contains(text[at])) {
            open.push_back(at);
        } else if (const qsizetype kind = closing.indexOf(text[at]); kind >= 0) {
            const bool fits = !open.empty() && text[open.back()] == opening[kind];
            meet(at, fits ? open.back() : -1);
            if (fits)
                open.pop_back();
        }
        ++at;
    }
    for (const qsizetype lonely : open)
        meet(lonely, -1);
    return found;
}

} // namespace iotman::ui
