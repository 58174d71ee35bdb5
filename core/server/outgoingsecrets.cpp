#include "core/server/outgoingsecrets.h"

#include "core/server/privatefile.h"

#include <memory>

namespace iotman::server {

namespace {

constexpr const char* secretsFile = "outgoing.secrets";

std::optional<MirrorSettings::SignIn> signInOf(const Source& source)
{
    return source.kind == SourceKind::Mirror ? MirrorSettings::of(source.settings).signIn : std::nullopt;
}

} // namespace

Expected<std::unique_ptr<OutgoingSecrets>> OutgoingSecrets::open(const std::filesystem::path& dataFolder)
{
    std::unique_ptr<OutgoingSecrets> secrets(new OutgoingSecrets(dataFolder / secretsFile));
    if (auto read = secrets->read(); !read)
        return fail(read.error());
    return secrets;
}

Expected<void> OutgoingSecrets::read()
{
    std::error_code reason;
    if (!std::filesystem::exists(file_, reason))
        return {};
    const Expected<std::string> text = readPrivateFile(file_);
    if (!text)
        return fail(text.error());
    const Expected<Json> json = parseJson(*text);
    const bool isList = json && json->is_array();
    for (std::size_t i = 0; isList && i < json->size(); ++i) {
        ObjectReader reader((*json)[i], UnknownMembers::Ignored);
        const SourceKey key = reader.integer("source", 0, 1, INT64_MAX);
        Kept kept{{reader.text("token_endpoint"), reader.text("client_id")}, reader.text("secret")};
        if (reader.finish())
            all_.insert_or_assign(key, std::move(kept));
    }
    // Its own words would quote what is in it.
    if (!isList)
        return fail(Problem::Internal, file_.string() + " cannot be read: it is damaged; without it, secrets of mirrors must be given again");
    return {};
}

Expected<void> OutgoingSecrets::replace(const All& all)
{
    Json list = Json::array();
    for (const auto& [key, kept] : all)
        list.push_back({{"source", key},
                        {"token_endpoint", kept.signIn.tokenEndpoint},
                        {"client_id", kept.signIn.clientId},
                        {"secret", kept.value}});
    if (auto written = replacePrivateFile(file_, jsonText(list, JsonLayout::Indented) + "\n"); !written)
        return written;
    all_ = all;
    return {};
}

Expected<void> OutgoingSecrets::keep(const Catalog& catalog, const std::vector<NewOutgoingSecret>& given)
{
    {
        const std::lock_guard lock(mutex_);
        All all = all_;
        for (const NewOutgoingSecret& one : given) {
            const Source* source = catalog.sourceByKey(one.source);
            if (const auto signIn = source ? signInOf(*source) : std::nullopt)
                all.insert_or_assign(one.source, Kept{*signIn, one.value});
        }
        if (all == all_)
            return {};
        if (auto replaced = replace(all); !replaced)
            return replaced;
    }
    if (listener_)
        listener_();
    return {};
}

void OutgoingSecrets::prune(const Catalog& catalog)
{
    const std::lock_guard lock(mutex_);
    All all = all_;
    std::erase_if(all, [&](const auto& entry) {
        const Source* source = catalog.sourceByKey(entry.first);
        return !source || !signInOf(*source);
    });
    if (all.size() != all_.size())
        (void)replace(all);
}

std::optional<std::string> OutgoingSecrets::of(const Source& mirror) const
{
    const std::lock_guard lock(mutex_);
    const auto found = all_.find(mirror.key);
    if (found == all_.end() || found->second.signIn != signInOf(mirror))
        return std::nullopt;
    return found->second.value;
}

} // namespace iotman::server
