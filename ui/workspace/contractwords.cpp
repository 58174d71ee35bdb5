#include "ui/workspace/contractwords.h"

#include "core/client/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace iotman::ui {

namespace {

/// As core/lab spells them, which knows no translations.
constexpr const char* labSentences[] = {
    // questions
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an endpoint that is not there"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a path below the endpoint that is not there"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "limit=0"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a limit beyond 10000"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a limit that is no number"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "limit given twice"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "to given twice"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "from that is no number"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "from in milliseconds"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "from after to"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a parameter that nobody knows"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "POST to an endpoint"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "HEAD of a page"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the type of a page"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the members of a page"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a range without items"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the link to the next page"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "pages of one item"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "pages of one item where times are equal"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the digits of numbers"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the order of keys"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "no token"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a token that is none"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a token for a scope that nobody has"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a token with another scope"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a page read from a foreign origin"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an error read from a foreign origin"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a preflight from a foreign origin"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a preflight for POST from a foreign origin"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a stream without an upgrade"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade at an endpoint that is not there"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade from a foreign origin"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade to a version that is none"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade without a token"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "an upgrade with a token that is none"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "a message of the stream"),
    // why there is no answer
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "its page has no items to compare with"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "what came is not among its newest items"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "it has too few items"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "it has no items"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "it has one item only"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "no two of its newest items have the same time"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "the client has one scope only"),
    QT_TRANSLATE_NOOP("iotman::ui::Lab", "each scope of the client opens it"),
};

} // namespace

bool isLabSentence(std::string_view sentence)
{
    return std::find(std::begin(labSentences), std::end(labSentences), sentence) != std::end(labSentences);
}

QString labText(std::string_view sentence)
{
    if (!isLabSentence(sentence))
        return client::toQt(sentence);
    return QCoreApplication::translate("iotman::ui::Lab", std::string(sentence).c_str());
}

} // namespace iotman::ui
