#include "ui/sources/mirrorline.h"

#include "core/client/text.h"
#include "ui/pages/words.h"

#include <chrono>
#include <limits>

namespace iotman::ui {

using client::toQt;

namespace {

constexpr std::chrono::seconds askAgainEvery(2);

struct MirrorSentence {
    MessageLine::Kind kind;
    QString lead;
};

MirrorSentence sentenceOf(const std::string& state)
{
    using Kind = MessageLine::Kind;
    if (state == "history")
        return {Kind::Info, MirrorLine::tr("Reading the history of the endpoint.")};
    if (state == "live")
        return {Kind::Success, MirrorLine::tr("Live: what the endpoint gets arrives here.")};
    if (state == "waiting")
        return {Kind::Warning, MirrorLine::tr("Not connected at the moment; it is tried again by itself.")};
    if (state == "refused")
        return {Kind::Error, MirrorLine::tr("The endpoint cannot be read.")};
    if (state == "sign_in")
        return {Kind::Error, MirrorLine::tr("The sign-in is not accepted.")};
    return {Kind::Info, MirrorLine::tr("Off: nothing is mirrored.")};
}

/// Whose tokens are taken beside ours. Trouble with that is no success, `kind` then becomes a warning.
QString issuerSentence(const Json& issuer, MessageLine::Kind& kind)
{
    ObjectReader reader(issuer, UnknownMembers::Ignored);
    const auto keys = static_cast<int>(reader.integer("keys", 0, 0, std::numeric_limits<int>::max()));
    const std::optional<std::string> trouble = reader.optionalText("detail");
    if (trouble && kind == MessageLine::Kind::Success)
        kind = MessageLine::Kind::Warning;
    if (trouble && keys == 0)
        return MirrorLine::tr("Tokens of its issuer are not taken, for its keys could not be read: %1").arg(toQt(*trouble));
    if (trouble)
        return MirrorLine::tr("Tokens of its issuer are taken by the keys that were read before, for they could not be read again: %1").arg(toQt(*trouble));
    return keys == 0 ? MirrorLine::tr("The keys of its issuer are being read.")
                     : MirrorLine::tr("Tokens of its issuer are taken (%n key(s)).", nullptr, keys);
}

} // namespace

MirrorLine::MirrorLine(Session& session, QWidget* parent)
    : MessageLine(parent)
    , session_(session)
{
    hide();
    again_.setSingleShot(true);
    again_.setInterval(askAgainEvery);
    again_.callOnTimeout(this, &MirrorLine::ask);
}

void MirrorLine::follow(const std::optional<SourceView>& source)
{
    const bool isSame = source && source_ && source->source == source_->source;
    source_ = source;
    if (isSame)
        return;
    again_.stop();
    asking_.cancel();
    hide(); // until it is known
    if (source_)
        ask();
}

void MirrorLine::ask()
{
    if (!source_)
        return;
    if (parentWidget()->isVisible())
        asking_ = session_.management().request({"GET", "sources/" + source_->source.name.text + "/mirror", {}, {}}, this,
                                                [this](const Expected<client::Document>& document) { told(document); });
    else
        again_.start();
}

void MirrorLine::told(const Expected<client::Document>& document)
{
    const Expected<Json> json = document ? parseJson(document->text) : Expected<Json>(fail(document.error()));
    if (json) {
        ObjectReader reader(*json, UnknownMembers::Ignored);
        MirrorSentence sentence = sentenceOf(reader.text("state"));
        QStringList more(toQt(reader.optionalText("detail").value_or(std::string())));
        if (const auto issuer = json->find("trusted_issuer"); issuer != json->end() && issuer->is_object())
            more << issuerSentence(*issuer, sentence.kind);
        more.removeAll(QString());
        setMessage(sentence.kind, more.join(u' '), sentence.lead);
    } else {
        setMessage(Kind::Error, errorText(json.error()));
    }
    show();
    again_.start();
}

} // namespace iotman::ui
