#include "core/browser/mending.h"

namespace iotman::browser {

namespace {

struct Near {
    Sentence headline;
    Sentences detail;
};

/// How an origin differs from an entry that may have been meant.
std::optional<Near> nearMiss(const std::string& origin, const std::string& entry)
{
    const OriginParts asked = originParts(origin), has = originParts(entry);
    const bool host = asked.host == has.host, scheme = asked.scheme == has.scheme, port = asked.port == has.port;
    const Sentence two = Sentence::say("To a browser these are two origins.");
    const Sentence otherHost = Sentence::say("A browser would refuse: the host is not in the list.");
    if (host && scheme)
        return Near{Sentence::say("A browser would refuse: the port is not in the list."),
                    {Sentence::say("The list has “%1”, which is port %2.", {entry, has.port}), two}};
    if (host && asked.port == (asked.scheme == "https" ? "443" : "80") && has.port == (has.scheme == "https" ? "443" : "80"))
        return Near{Sentence::say("A browser would refuse: the scheme is not in the list."),
                    {Sentence::say("The list has “%1”, with %2.", {entry, has.scheme}), two}};
    if (host)
        return Near{Sentence::say("A browser would refuse: scheme and port are not in the list."),
                    {Sentence::say("The list has “%1”.", {entry}), two}};
    if (scheme && port && ("www." + asked.host == has.host || "www." + has.host == asked.host))
        return Near{otherHost, {Sentence::say("The list has “%1”; with and without “www.” are two hosts.", {entry})}};
    const auto isBelow = [](const std::string& name, const std::string& parent) {
        return name.size() > parent.size() + 1 &&
               name.compare(name.size() - parent.size() - 1, std::string::npos, "." + parent) == 0;
    };
    if (scheme && port && (isBelow(asked.host, has.host) || isBelow(has.host, asked.host)))
        return Near{otherHost, {Sentence::say("The list has “%1”; an entry covers no hosts below or above it.", {entry})}};
    const auto isThisComputer = [](const std::string& name) {
        return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
    };
    if (scheme && port && isThisComputer(asked.host) && isThisComputer(has.host))
        return Near{otherHost,
                    {Sentence::say("The list has “%1”; “localhost”, “127.0.0.1” and “[::1]” are three origins.", {entry})}};
    return std::nullopt;
}

Sentence notAmong(std::size_t count)
{
    if (count == 0)
        return Sentence::say("The list is empty.");
    return count == 1 ? Sentence::say("It is not among the 1 entry.")
                      : Sentence::say("It is not among the %1 entries.", {std::to_string(count)});
}

} // namespace

void explainForeignOrigin(const Question& question, Report& report)
{
    const Page& page = question.page;
    report.headline = {question.list ? Sentence::say("A browser would refuse: the origin is not in the list.")
                                     : Sentence::say("A browser would refuse: the server does not grant the origin.")};
    report.detail = {Sentence::say("Pages at “%1” cannot read this endpoint.", {page.origin})};
    if (page.origin == "null") {
        report.headline = {Sentence::say("A browser would refuse: the page has no origin of its own.")};
        report.detail.push_back(
            Sentence::say("A page from a file or a sandboxed frame sends “null”, which every such page does; it is granted only "
                          "where the list is “*”. Serve the page from a web server, of this computer say."));
    } else if (!page.web) {
        report.detail.push_back(Sentence::say(
            "A list holds http and https origins; one of an extension or an app is granted only where the list is “*”."));
    } else if (question.list) {
        std::optional<Near> near;
        for (const CorsOrigin& entry : question.list->list) {
            if (!near)
                near = nearMiss(page.origin, entry.text());
        }
        if (near) {
            report.headline = {near->headline};
            report.detail.insert(report.detail.end(), near->detail.begin(), near->detail.end());
        } else {
            report.detail.push_back(notAmong(question.list->list.size()));
        }
    }
    if (page.web && question.list)
        report.mend = Mend{Mend::Kind::AddOrigin, page.origin, page.repair};
}

} // namespace iotman::browser
