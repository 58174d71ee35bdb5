#include "app/server/arguments.h"

#include "app/server/nearest.h"
#include "core/client/address.h"
#include "core/model/json.h"
#include "core/pipeline/replaysources.h"
#include "core/server/hosts.h"
#include "core/server/proxies.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <span>

namespace iotman {

namespace {

struct Option {
    std::string_view name;
    bool takesValue;
    bool repeats;
    bool mayBeEmpty = false;
};

constexpr std::array serveOptions{
    Option{"--data", true, false},     Option{"--listen", true, true},        Option{"--base-url", true, false},
    Option{"--host", true, true},      Option{"--workspace", true, false},    Option{"--ephemeral", false, false},
    Option{"--contract", true, false}, Option{"--trusted-proxy", true, true}, Option{"--tls-cert", true, false},
    Option{"--tls-key", true, false},
};
constexpr std::array applyOptions{Option{"--data", true, false}, Option{"--dry-run", false, false},
                                  Option{"--yes", false, false}};
constexpr std::array importOptions{
    Option{"--data", true, false},        Option{"--source", true, false},    Option{"--format", true, false},
    Option{"--time-column", true, false, true}, Option{"--time-unit", true, false}, Option{"--zone", true, false},
    Option{"--encoding", true, false},    Option{"--skip-bad", false, false},
};
constexpr std::array memberOptions{Option{"--data", true, false}, Option{"--role", true, false}};
constexpr std::array tokenOptions{Option{"--data", true, false}, Option{"--client", true, false},
                                  Option{"--member", true, false}};
constexpr std::array contractOptions{Option{"--client", true, false}, Option{"--token-url", true, false},
                                     Option{"--junit", true, false}, Option{"--pause", true, false}};
constexpr std::array folderOptions{Option{"--data", true, false}};

tl::unexpected<Error> wrong(std::string sentence)
{
    const bool isEnded = sentence.ends_with('?');
    return fail(Problem::BadRequest, std::move(sentence) + (isEnded ? " See" : "; see") + " iotman-server --help");
}

std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates)
{
    const auto nearest = nearestTo(word, candidates);
    return nearest ? "; did you mean “" + std::string(*nearest) + "”?" : std::string();
}

/// What stands behind a verb, sorted into options and other words.
class Given {
public:
    static Expected<Given> read(const std::vector<std::string>& words, std::span<const Option> known, std::string_view verb)
    {
        Given given;
        bool onlyWords = false;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string& word = words[i];
            if (onlyWords || word.size() < 2 || word[0] != '-') {
                given.words_.push_back(word);
                continue;
            }
            if (word == "--") {
                onlyWords = true;
                continue;
            }
            if (auto taken = given.takeOption(words, i, known, verb); !taken)
                return fail(taken.error());
        }
        return given;
    }

    bool has(const std::string& name) const { return options_.contains(name); }
    std::string one(const std::string& name) const { return has(name) ? options_.at(name).front() : std::string(); }
    std::vector<std::string> all(const std::string& name) const
    {
        return has(name) ? options_.at(name) : std::vector<std::string>();
    }
    const std::vector<std::string>& words() const { return words_; }
    std::filesystem::path folder(const std::filesystem::path& fallback) const
    {
        return has("--data") ? std::filesystem::path(one("--data")) : fallback;
    }

private:
    Expected<void> takeOption(const std::vector<std::string>& words, std::size_t& i, std::span<const Option> known,
                              std::string_view verb)
    {
        const std::size_t equals = words[i].find('=');
        const std::string name = words[i].substr(0, equals);
        const auto option =
            std::find_if(known.begin(), known.end(), [&](const Option& candidate) { return candidate.name == name; });
        if (option == known.end()) {
            std::vector<std::string_view> names;
            for (const Option& candidate : known)
                names.push_back(candidate.name);
            names.push_back("--help");
            return wrong("“" + name + "” is not known to “" + std::string(verb) + "”" + didYouMean(name, names));
        }
        if (!option->takesValue && equals != std::string::npos)
            return wrong(name + " takes no value");
        if (!option->repeats && has(name))
            return wrong(name + " was given twice");
        std::string value;
        if (equals != std::string::npos)
            value = words[i].substr(equals + 1);
        else if (option->takesValue && i + 1 < words.size() && !words[i + 1].starts_with("--"))
            value = words[++i];
        const bool isGiven = !value.empty() || equals != std::string::npos || words[i].empty();
        if (option->takesValue && value.empty() && !(isGiven && option->mayBeEmpty))
            return wrong(name + " needs a value");
        options_[name].push_back(value);
        return {};
    }

    std::map<std::string, std::vector<std::string>> options_;
    std::vector<std::string> words_;
};

Expected<void> noWords(const Given& given, std::string_view verb)
{
    if (given.words().empty())
        return {};
    return wrong("“" + given.words().front() + "” is not known to “" + std::string(verb) + "”");
}

using Words = std::vector<std::string>;
using Path = std::filesystem::path;

Expected<Arguments> serveArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, serveOptions, "serve");
    if (!given)
        return fail(given.error());
    if (auto none = noWords(*given, "serve"); !none)
        return fail(none.error());
    server::ServiceOptions options;
    options.program = "iotman-server";
    if (given->has("--ephemeral")) {
        if (given->has("--data"))
            return wrong("--ephemeral and --data exclude each other");
    } else {
        options.dataFolder = given->folder(defaultFolder);
    }
    if (given->has("--listen")) {
        options.listen.clear();
        for (const std::string& text : given->all("--listen")) {
            const auto addresses = server::parseListenAddress(text);
            if (!addresses)
                return wrong("--listen: " + addresses.error().detail);
            options.listen.insert(options.listen.end(), addresses->begin(), addresses->end());
        }
    }
    options.baseUrl = given->one("--base-url");
    options.hosts = given->all("--host");
    options.trustedProxies = given->all("--trusted-proxy");
    if (given->has("--tls-cert") != given->has("--tls-key"))
        return wrong("--tls-cert and --tls-key belong together");
    if (given->has("--tls-cert"))
        options.tls = {given->one("--tls-cert"), given->one("--tls-key")};
    if (given->has("--contract")) {
        const std::string contract = given->one("--contract");
        if (contract != "hosted" && contract != "extended")
            return wrong("--contract: expected hosted or extended, but got “" + contract + "”");
        options.contract = contract == "hosted" ? Contract::Hosted : Contract::Extended;
    }
    if (const auto proxies = server::Proxies::parse(options.trustedProxies); !proxies)
        return wrong("--trusted-proxy: " + proxies.error().detail);
    if (const auto hosts = server::Hosts::make(options.hosts, options.baseUrl); !hosts)
        return wrong("--" + hosts.error().field + ": " + hosts.error().detail);
    if (given->has("--workspace"))
        options.workspaceFile = given->one("--workspace");
    return ServeArguments{std::move(options)};
}

Expected<Arguments> applyArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, applyOptions, "apply");
    if (!given)
        return fail(given.error());
    if (given->words().size() != 1)
        return wrong("“apply” takes one workspace file");
    return ApplyArguments{given->folder(defaultFolder), given->words().front(), given->has("--dry-run"), given->has("--yes")};
}

Expected<Arguments> exportArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, folderOptions, "export");
    if (!given)
        return fail(given.error());
    if (auto none = noWords(*given, "export"); !none)
        return fail(none.error());
    return ExportArguments{given->folder(defaultFolder)};
}

Expected<Arguments> importArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, importOptions, "import");
    if (!given)
        return fail(given.error());
    if (given->words().empty())
        return wrong("“import” takes a file, or several");
    if (!given->has("--source"))
        return wrong("“import” needs --source NAME");
    const Expected<SourceName> source = SourceName::parse(given->one("--source"), "--source");
    if (!source)
        return wrong(source.error().detail);
    Expected<files::Choices> choices = files::Choices::fromWords(given->one("--format"), given->one("--time-column"),
                                                                 given->one("--time-unit"), given->one("--zone"));
    if (!choices)
        return wrong(choices.error().detail);
    if (given->has("--time-column"))
        choices->timeColumn = given->one("--time-column");
    if (given->has("--encoding")) {
        const Expected<files::Encoding> encoding = files::encodingFromWord(given->one("--encoding"));
        if (!encoding)
            return wrong("--encoding: " + encoding.error().detail);
        choices->encoding = *encoding;
    }
    ImportArguments arguments{given->folder(defaultFolder), {}, *source, std::move(*choices), given->has("--skip-bad")};
    arguments.files.assign(given->words().begin(), given->words().end());
    return arguments;
}

Expected<Arguments> memberArguments(const Words& words, const Path& defaultFolder)
{
    constexpr std::array<std::string_view, 1> verbs{"add"};
    const Expected<Given> given = Given::read(words, memberOptions, "member");
    if (!given)
        return fail(given.error());
    if (given->words().empty())
        return wrong("expected “member add E-MAIL --role ROLE”");
    if (given->words().front() != "add")
        return wrong("“" + given->words().front() + "” is not known to “member”" + didYouMean(given->words().front(), verbs));
    if (given->words().size() != 2)
        return wrong("“member add” takes one e-mail address");
    if (!given->has("--role"))
        return wrong("“member add” needs --role viewer, editor or admin");
    const Expected<Email> email = Email::parse(given->words()[1], "email");
    if (!email)
        return wrong(email.error().detail);
    const Expected<Role> role = parseRole(given->one("--role"), "--role");
    if (!role)
        return wrong(role.error().detail);
    return MemberArguments{given->folder(defaultFolder), *email, *role};
}

Expected<Arguments> tokenArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, tokenOptions, "token");
    if (!given)
        return fail(given.error());
    if (auto none = noWords(*given, "token"); !none)
        return fail(none.error());
    if (given->has("--client") == given->has("--member"))
        return wrong("“token” needs either --client ID or --member E-MAIL");
    return TokenArguments{given->folder(defaultFolder), given->one("--client"), given->one("--member")};
}

/// Which of its parts a verb is to do: its first word.
template <class Do>
Expected<Do> partOf(const std::string& verb, std::span<const std::pair<std::string_view, Do>> parts, const Given& given)
{
    std::vector<std::string_view> names;
    std::string all;
    for (const auto& [name, part] : parts) {
        all += (names.empty() ? "“" + verb + " " : names.size() + 1 == parts.size() ? " or “" : ", “") + std::string(name) + "”";
        names.push_back(name);
    }
    if (given.words().empty())
        return wrong("expected " + all);
    const std::string& word = given.words().front();
    const auto known = std::find_if(parts.begin(), parts.end(), [&](const auto& candidate) { return candidate.first == word; });
    if (known == parts.end())
        return wrong("“" + word + "” is not known to “" + verb + "”" + didYouMean(word, names));
    return known->second;
}

Expected<Arguments> snapshotArguments(const Words& words, const Path& defaultFolder)
{
    using Do = SnapshotArguments::Do;
    constexpr std::array<std::pair<std::string_view, Do>, 5> verbs{
        {{"save", Do::Save}, {"restore", Do::Restore}, {"reset", Do::Reset}, {"list", Do::List}, {"delete", Do::Delete}}};
    const Expected<Given> given = Given::read(words, folderOptions, "snapshot");
    if (!given)
        return fail(given.error());
    const Expected<Do> known = partOf<Do>("snapshot", verbs, *given);
    if (!known)
        return fail(known.error());
    const std::string& verb = given->words().front();
    const std::size_t names = *known == Do::List || *known == Do::Reset ? 0 : 1;
    if (given->words().size() != 1 + names)
        return wrong("“snapshot " + verb + "” takes " + (names == 0 ? "no name" : "one name"));
    return SnapshotArguments{given->folder(defaultFolder), *known, names == 0 ? std::string() : given->words()[1]};
}

/// What stands behind the source's name: how many datapoints, how fast.
Expected<Arguments> withAmount(ReplayArguments arguments, const std::string& text)
{
    const Json number = Json::parse(text, nullptr, false);
    if (arguments.what == ReplayArguments::Do::Speed) {
        if (!number.is_number())
            return wrong("“replay speed” takes a number such as 10, but got “" + text + "”");
        arguments.speed = text;
        return arguments;
    }
    constexpr std::int64_t most = pipeline::ReplaySources::mostStepped;
    if (!number.is_number_integer() || number.get<std::int64_t>() < 1 || number.get<std::int64_t>() > most)
        return wrong("“replay step” takes how many datapoints, from 1 to " + std::to_string(most) + ", but got “" + text + "”");
    arguments.datapoints = number.get<std::int64_t>();
    return arguments;
}

Expected<Arguments> replayArguments(const Words& words, const Path& defaultFolder)
{
    using Do = ReplayArguments::Do;
    constexpr std::array<std::pair<std::string_view, Do>, 5> verbs{
        {{"show", Do::Show}, {"pause", Do::Pause}, {"resume", Do::Resume}, {"step", Do::Step}, {"speed", Do::Speed}}};
    const Expected<Given> given = Given::read(words, folderOptions, "replay");
    if (!given)
        return fail(given.error());
    const Expected<Do> known = partOf<Do>("replay", verbs, *given);
    if (!known)
        return fail(known.error());
    const std::string& verb = given->words().front();
    const bool mayHaveAmount = *known == Do::Step || *known == Do::Speed;
    const std::size_t least = *known == Do::Speed ? 3 : 2;
    if (given->words().size() < least || given->words().size() > (mayHaveAmount ? 3 : 2))
        return wrong("“replay " + verb + "” takes the name of one source" +
                     (*known == Do::Speed  ? " and a speed"
                      : *known == Do::Step ? " and, if wanted, how many datapoints"
                                           : ""));
    const Expected<SourceName> source = SourceName::parse(given->words()[1], "name");
    if (!source)
        return wrong(source.error().detail);
    ReplayArguments arguments{given->folder(defaultFolder), *known, *source, 1, {}};
    return given->words().size() == 3 ? withAmount(std::move(arguments), given->words()[2]) : Expected<Arguments>(arguments);
}

/// The URL of an endpoint's page.
Expected<std::string> endpointUrl(const std::string& typed)
{
    const QUrl url(QString::fromStdString(typed), QUrl::StrictMode);
    const auto address = client::EndpointAddress::parse(url.toString());
    const bool isPage = address && !url.hasQuery() && !url.hasFragment() &&
                        address->page.path().endsWith(QStringLiteral("/data/out/") + QString::fromStdString(address->id.text));
    if (!isPage)
        return wrong("expected a URL such as https://host/data/out/ID, but got “" +
                     (url.isValid() ? url.toString(QUrl::RemoveUserInfo).toStdString() : typed) + "”");
    return address->page.toString(QUrl::FullyEncoded).toStdString();
}

/// RFC 6749 §3.2: it may have a query, and no fragment.
Expected<std::string> tokenUrl(const std::string& typed)
{
    const QUrl url(QString::fromStdString(typed), QUrl::StrictMode);
    const bool isHttp = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty() || url.hasFragment() || !url.userInfo().isEmpty())
        return wrong("--token-url: expected a URL such as https://host/oauth/token, but got “" +
                     (url.isValid() ? url.toString(QUrl::RemoveUserInfo).toStdString() : typed) + "”");
    return typed;
}

Expected<Arguments> contractArguments(const Words& words, const Path&)
{
    const Expected<Given> given = Given::read(words, contractOptions, "contract");
    if (!given)
        return fail(given.error());
    if (given->words().size() != 1)
        return wrong("“contract” takes the URL of one endpoint");
    ContractArguments arguments;
    const Expected<std::string> url = endpointUrl(given->words().front());
    if (!url)
        return fail(url.error());
    arguments.url = *url;
    arguments.client = given->one("--client");
    if (given->has("--token-url")) {
        if (arguments.client.empty())
            return wrong("--token-url needs --client ID");
        const Expected<std::string> tokens = tokenUrl(given->one("--token-url"));
        if (!tokens)
            return fail(tokens.error());
        arguments.tokenUrl = *tokens;
    }
    arguments.junit = given->one("--junit");
    if (given->has("--pause")) {
        const std::string text = given->one("--pause");
        int milliseconds = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
        if (error != std::errc() || end != text.data() + text.size() || milliseconds < 0 || milliseconds > 60'000)
            return wrong("--pause: expected milliseconds from 0 to 60000, but got “" + text + "”");
        arguments.pause = std::chrono::milliseconds(milliseconds);
    }
    return arguments;
}

Expected<Arguments> checkArguments(const Words& words, const Path& defaultFolder)
{
    const Expected<Given> given = Given::read(words, folderOptions, "check");
    if (!given)
        return fail(given.error());
    if (auto none = noWords(*given, "check"); !none)
        return fail(none.error());
    return CheckArguments{given->folder(defaultFolder)};
}

Expected<Arguments> helpArguments(const Words&, const Path&)
{
    return HelpArguments{};
}

Expected<Arguments> versionArguments(const Words& words, const Path&)
{
    const Expected<Given> given = Given::read(words, folderOptions, "version");
    if (!given)
        return fail(given.error());
    if (auto none = noWords(*given, "version"); !none)
        return fail(none.error());
    return VersionArguments{};
}

struct Verb {
    std::string_view name;
    Expected<Arguments> (*read)(const Words&, const Path&);
};

constexpr std::array verbs{
    Verb{"serve", serveArguments},       Verb{"apply", applyArguments},     Verb{"export", exportArguments},
    Verb{"import", importArguments},     Verb{"member", memberArguments},   Verb{"token", tokenArguments},
    Verb{"snapshot", snapshotArguments}, Verb{"replay", replayArguments},   Verb{"contract", contractArguments},
    Verb{"check", checkArguments},       Verb{"version", versionArguments}, Verb{"help", helpArguments},
};

} // namespace

Expected<Arguments> parseArguments(const std::vector<std::string>& words, const std::filesystem::path& defaultFolder)
{
    if (words.empty())
        return wrong(
            "expected what to do: serve, apply, export, import, member, token, snapshot, replay, check, contract or version");
    const std::string& given = words.front();
    if (given == "-h" || std::find(words.begin(), words.end(), "--help") != words.end())
        return HelpArguments{};
    if (given == "--version")
        return VersionArguments{};
    const auto verb = std::find_if(verbs.begin(), verbs.end(), [&](const Verb& candidate) { return candidate.name == given; });
    if (verb != verbs.end())
        return verb->read(words, defaultFolder);
    std::vector<std::string_view> names;
    for (const Verb& candidate : verbs)
        names.push_back(candidate.name);
    for (const std::string_view option : {"--help", "--version"})
        names.push_back(option);
    return wrong("“" + given + "” is not known" + didYouMean(given, names));
}

std::string_view helpText()
{
    return R"(Usage: iotman-server VERB [OPTION]…

Serves the data API of an IoT workspace: pages, live streams, ingest, OAuth2 and management.

  serve     serve a workspace until SIGTERM
    --data DIR          the data folder (default: iotman in the user's data folder)
    --ephemeral         keep everything in memory, gone at the end
    --listen HOST:PORT  an address to listen on, several times if wanted
                        (default: 127.0.0.1:8787 and [::1]:8787; port 0 takes a free one)
    --workspace FILE    make the workspace what this file says, at each start
    --base-url URL      how the server is reached from outside; links start with it
    --host NAME         a further host name to answer for
    --trusted-proxy NET a proxy, or a network of them, whose Forwarded headers count
    --tls-cert FILE     speak TLS with this certificate (PEM, with those that vouch for it) …
    --tls-key FILE      … and its key
    --contract hosted   leave out what goes beyond the hosted service (default: extended)
  apply FILE            make the workspace what this file says ("-": standard input)
    --dry-run           print what would change and exit with 0 (nothing) or 3
    --yes               remove what the file does not hold without asking
  export                print the workspace as such a file
  import FILE…          store the rows of files (CSV, TSV, NDJSON, JSON) as datapoints
    --source NAME       of this source
    --format F          csv, tsv, ndjson or json (default: what the file looks like)
    --encoding E        utf-8, utf-16le, utf-16be, cp949, latin-1 or windows-1252 (default: utf-8, or utf-16 where it is sure)
    --time-column C     the column that holds the time (empty: rows have the time of arrival)
    --time-unit U       s, ms, us, ns, iso, dmy, mdy, yyyymmdd or year
    --zone Z            the zone of times that carry none (default: UTC)
    --skip-bad          store the rest when some rows cannot be read
  member add E-MAIL     add a member and print the access key
    --role R            viewer, editor or admin
  token                 print an access token that lives for an hour
    --client ID         of a client
    --member E-MAIL     of a member
  snapshot save NAME    keep the present state under a name
  snapshot restore NAME go back to it
  snapshot reset        go back to the state that the workspace file made
  snapshot delete NAME
  snapshot list
  replay show NAME      where the replay of this source is
  replay pause NAME     let it stand
  replay resume NAME    let it go on
  replay step NAME [N]  while it stands, bring in the next datapoint, or N of them
  replay speed NAME X   run X times as fast as the real time
  check                 verify the data folder
  contract URL          ask an endpoint elsewhere and one here the same questions
    --client ID         with a token of this client; its secret is in IOTMAN_CLIENT_SECRET
    --token-url URL     where that token comes from (default: /oauth/token there)
    --junit FILE        write the result for test runners too
    --pause MS          wait between two requests (default: 200)
  version               print the version

Verbs that work on a folder take --data DIR. A folder that a running server holds is worked on through that server.
On stdout of “serve” stand the first admin's key at the first start ("admin E-MAIL KEY") and one "ready URL" per address.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there are differences (apply --dry-run, contract).
)";
}

} // namespace iotman
