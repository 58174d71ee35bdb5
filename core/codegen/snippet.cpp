#include "core/codegen/snippet.h"

#include "core/codegen/parts.h"

namespace iotman::codegen {

namespace {

struct LanguageRow {
    Language language;
    std::string (*text)(const SnippetSubject&, Way);
    std::array<std::string_view, 3> fileNames; ///< by Way
};

constexpr LanguageRow rows[] = {
    {Language::Curl, curlText, {"read-pages.sh", "read-events.sh", ""}},
    {Language::JavaScript, javaScriptText, {"read-pages.mjs", "read-events.mjs", "read-stream.mjs"}},
    {Language::Python, pythonText, {"read_pages.py", "read_events.py", "read_stream.py"}},
    {Language::Cpp, cppText, {"readpages.cpp", "readevents.cpp", "readstream.cpp"}},
    {Language::Grafana, grafanaText, {"iotman.yaml", "", ""}},
};

} // namespace

std::vector<Snippet> snippets(Language language, const SnippetSubject& subject)
{
    std::vector<Snippet> all;
    for (const LanguageRow& row : rows) {
        if (row.language != language)
            continue;
        for (const Way way : {Way::Pages, Way::Events, Way::Stream}) {
            if (way == Way::Events && subject.events.empty())
                continue;
            std::string text = row.text(subject, way);
            if (text.empty())
                continue;
            const bool hereOnly = way == Way::Events || (way == Way::Stream && subject.resumes);
            all.push_back({way, std::string(row.fileNames[static_cast<std::size_t>(way)]), std::move(text), hereOnly});
        }
    }
    return all;
}

} // namespace iotman::codegen
