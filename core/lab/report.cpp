#include "core/lab/report.h"

#include <algorithm>

namespace iotman::lab {

namespace {

std::string xmlText(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '<')
            escaped += "&lt;";
        else if (c == '&')
            escaped += "&amp;";
        else if (c == '"')
            escaped += "&quot;";
        else if (static_cast<unsigned char>(c) >= ' ' || c == '\n')
            escaped += c;
    }
    return escaped;
}

std::string countOf(std::span<const Finding> findings, Verdict verdict)
{
    return std::to_string(std::count_if(findings.begin(), findings.end(),
                                        [verdict](const Finding& finding) { return finding.verdict() == verdict; }));
}

} // namespace

std::string lineOf(const Finding& finding)
{
    const std::string line = std::string(text(finding.verdict())) + " " + std::string(finding.probe) + ": ";
    if (finding.verdict() == Verdict::Equal)
        return line + finding.here.text();
    return line + "there " + finding.there.text() + "; here " + finding.here.text();
}

std::string reportText(std::span<const Finding> findings)
{
    std::string lines;
    for (const Finding& finding : findings)
        lines += lineOf(finding) + "\n";
    return lines;
}

std::string junit(const std::string& url, std::span<const Finding> findings)
{
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + xmlText(url) + "\" tests=\"" +
                      std::to_string(findings.size()) + "\" failures=\"" + countOf(findings, Verdict::Different) +
                      "\" skipped=\"" + countOf(findings, Verdict::Unknown) + "\">\n";
    for (const Finding& finding : findings) {
        xml += "  <testcase classname=\"contract\" name=\"" + xmlText(finding.probe) + "\"";
        switch (finding.verdict()) {
        case Verdict::Equal:
            xml += "/>\n";
            break;
        case Verdict::Different:
            xml += "><failure message=\"" + xmlText(lineOf(finding)) + "\"/></testcase>\n";
            break;
        case Verdict::Unknown:
            xml += "><skipped message=\"" + xmlText((finding.there.said ? finding.here : finding.there).text()) +
                   "\"/></testcase>\n";
            break;
        }
    }
    return xml + "</testsuite>\n";
}

bool hasDifference(std::span<const Finding> findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.verdict() == Verdict::Different; });
}

} // namespace iotman::lab
