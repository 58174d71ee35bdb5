#include "app/server/arguments.h"

#include <algorithm>
#include <array>
#include <map>

namespace iotman {

namespace {

struct Option {
    std::string_view name;
    bool takesValue;
    bool repeats;
};

constexpr std::array serveOptions{
    Option{"--data", true, false},     Option{"--listen", true, true},     Option{"--base-url", true, false},
    Option{"--host", true, true},      Option{"--workspace", true, false}, Option{"--ephemeral", false, false},
    Option{"--contract", true, false}, Option{"--trusted-proxy", true, true},
    Option{"--tls-cert", true, false}, Option{"--tls-key", true, false},
};
constexpr std::array checkOptions{Option{"--data", true, false}};

using Given = std::map<std::string, std::vector<std::string>>;

tl::unexpected<Error> wrong(std::string sentence) { return fail(Problem::BadRequest, std::move(sentence) + "; see iotman-server --help"); }

template <class Options>
Expected<Given> readOptions(const std::vector<std::string>& words, const Options& known)
{
    Given given;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::size_t equals = words[i].starts_with("--") ? words[i].find('=') : std::string::npos;
        const std::string name = words[i].substr(0, equals);
        const auto option = std::find_if(known.begin(), known.end(), [&](const Option& candidate) { return candidate.name == name; });
        if (option == known.end())
            return wrong("“" + words[i] + "” is not known to “" + words.front() + "”");
        if (!option->takesValue && equals != std::string::npos)
            return wrong(name + " takes no value");
        if (!option->repeats && given.contains(name))
            return wrong(name + " was given twice");
        std::string value;
        if (equals != std::string::npos)
            value = words[i].substr(equals + 1);
        else if (option->takesValue && i + 1 < words.size())
            value = words[++i];
        if (option->takesValue && value.empty())
            return wrong(name + " needs a value");
        given[name].push_back(value);
    }
    return given;
}

std::string single(const Given& given, const std::string& name)
{
    const auto found = given.find(name);
    return found == given.end() ? std::string() : found->second.front();
}

Expected<Arguments> serveArguments(const std::vector<std::string>& words, const std::filesystem::path& defaultFolder)
{
    const Expected<Given> given = readOptions(words, serveOptions);
    if (!given)
        return fail(given.error());
    server::ServiceOptions options;
    options.program = "iotman-server";
    if (given->contains("--ephemeral")) {
        if (given->contains("--data"))
            return wrong("--ephemeral and --data exclude each other");
    } else {
        options.dataFolder = given->contains("--data") ? std::filesystem::path(single(*given, "--data")) : defaultFolder;
    }
    if (given->contains("--listen")) {
        options.listen.clear();
        for (const std::string& text : given->at("--listen")) {
            const auto addresses = server::parseListenAddress(text);
            if (!addresses)
                return wrong("--listen: " + addresses.error().detail);
            options.listen.insert(options.listen.end(), addresses->begin(), addresses->end());
        }
    }
    options.baseUrl = single(*given, "--base-url");
    if (given->contains("--host"))
        options.hosts = given->at("--host");
    if (given->contains("--trusted-proxy"))
        options.trustedProxies = given->at("--trusted-proxy");
    if (given->contains("--tls-cert") != given->contains("--tls-key"))
        return wrong("--tls-cert and --tls-key belong together");
    if (given->contains("--tls-cert"))
        options.tls = {single(*given, "--tls-cert"), single(*given, "--tls-key")};
    if (given->contains("--contract")) {
        const std::string contract = single(*given, "--contract");
        if (contract != "hosted" && contract != "extended")
            return wrong("--contract: expected hosted or extended, but got “" + contract + "”");
        options.contract = contract == "hosted" ? Contract::Hosted : Contract::Extended;
    }
    if (given->contains("--workspace"))
        options.workspaceFile = single(*given, "--workspace");
    return ServeArguments{std::move(options)};
}

} // namespace

Expected<Arguments> parseArguments(const std::vector<std::string>& words, const std::filesystem::path& defaultFolder)
{
    if (words.empty())
        return wrong("expected what to do: serve, check or version");
    const std::string& verb = words.front();
    if (verb == "--help" || verb == "-h" || verb == "help" || std::find(words.begin(), words.end(), "--help") != words.end())
        return HelpArguments{};
    if (verb == "--version" || verb == "version")
        return VersionArguments{};
    if (verb == "serve")
        return serveArguments(words, defaultFolder);
    if (verb == "check") {
        const Expected<Given> given = readOptions(words, checkOptions);
        if (!given)
            return fail(given.error());
        return CheckArguments{given->contains("--data") ? std::filesystem::path(single(*given, "--data")) : defaultFolder};
    }
    return wrong("“" + verb + "” is not known");
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
  check     verify a data folder that no server holds
    --data DIR
  version   print the version

On stdout stand the first admin's key at the first start ("admin E-MAIL KEY") and one "ready URL" per address.
Exit codes: 0 done, 1 failed, 2 wrong usage.
)";
}

} // namespace iotman
