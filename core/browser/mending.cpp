#include "core/browser/mending.h"

namespace iotman::browser {

namespace {

struct Near {
    std::string headline;
    std::string detail;
};

/// How an origin differs from an entry that may have been meant.
std::optional<Near> nearMiss(const std::string& origin, const std::string& entry)
{
    const OriginParts asked = originParts(origin), has = originParts(entry);
    const bool host = asked.host == has.host, scheme = asked.scheme == has.scheme, port = asked.port == has.port;
    const std::string two = " To a browser these are two origins.";
    if (host && scheme)
        return Near{"the port is not in the list.", "The list has “" + entry + "”, which is port " + has.port + "." + two};
    if (host && asked.port == (asked.scheme == "https" ? "443" : "80") && has.port == (has.scheme == "https" ? "443" : "80"))
        return Near{"the scheme is not in the list.", "The list has “" + entry + "”, with " + has.scheme + "." + two};
    if (host)
        return Near{"scheme and port are not in the list.", "The list has “" + entry + "”." + two};
    if (scheme && port && ("www." + asked.host == has.host || "www." + has.host == asked.host))
        return Near{"the host is not in the list.", "The list has “" + entry + "”; with and without “www.” are two hosts."};
    const auto isBelow = [](const std::string& name, const std::string& parent) {
        return name.size() > parent.size() + 1 &&
               name.compare(name.size() - parent.size() - 1, std::string::npos, "." + parent) == 0;
    };
    if (scheme && port && (isBelow(asked.host, has.host) || isBelow(has.host, asked.host)))
        return Near{"the host is not in the list.", "The list has “" + entry + "”; an entry covers no hosts below or above it."};
    const auto isThisComputer = [](const std::string& name) {
        return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
    };
    if (scheme && port && isThisComputer(asked.host) && isThisComputer(has.host))
        return Near{"the host is not in the list.",
                    "The list has “" + entry + "”; “localhost”, “127.0.0.1” and “[::1]” are three origins."};
    return std::nullopt;
}

} // namespace

void explainForeignOrigin(const Question& question, Report& report)
{
    const Page& page = question.page;
    report.headline = question.list ? "the origin is not in the list." : "the server does not grant the origin.";
    report.detail = "Pages at “" + page.origin + "” cannot read this endpoint.";
    if (page.origin == "null") {
        report.headline = "the page has no origin of its own.";
        report.detail += " A page from a file or a sandboxed frame sends “null”, which every such page does; it is granted only "
                         "where the list is “*”. Serve the page from a web server, of this computer say.";
    } else if (!page.web) {
        report.detail +=
            " A list holds http and https origins; one of an extension or an app is granted only where the list is “*”.";
    } else if (question.list) {
        const std::size_t count = question.list->list.size();
        bool found = false;
        for (const CorsOrigin& entry : question.list->list) {
            if (const auto near = nearMiss(page.origin, entry.text()); near && !found) {
                report.headline = near->headline;
                report.detail += " " + near->detail;
                found = true;
            }
        }
        if (!found)
            report.detail += count == 0
                                 ? " The list is empty."
                                 : " It is not among the " + std::to_string(count) + (count == 1 ? " entry." : " entries.");
    }
    report.headline = "A browser would refuse: " + report.headline;
    if (page.web && question.list)
        report.mend = Mend{Mend::Kind::AddOrigin, page.origin, page.repair};
}

} // namespace iotman::browser
