// Complete programs that read an endpoint: pages to their end, a token where one is needed, streams that go on where they
// stopped.
#pragma once

#include "core/model/names.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::codegen {

enum class Language { Curl, JavaScript, Python, Cpp, Grafana };
inline constexpr std::array languages{Language::Curl, Language::JavaScript, Language::Python, Language::Cpp, Language::Grafana};

enum class Way {
    Pages,  ///< what is stored, page by page
    Events, ///< what comes, as Server-Sent Events
    Stream, ///< what comes, by WebSocket
};

/// What a snippet is about. The URLs are the public ones, as the server's own links name them.
struct SnippetSubject {
    std::string name; ///< of the output, for the comment on top
    std::string page;
    std::string stream;
    std::string events; ///< empty: the server has none
    std::string tokenUrl;
    std::optional<ScopeName> scope; ///< nothing: public, so no token
    bool resumes = true;            ///< the server knows `cursor` and `times` on streams (`--contract extended`)

    bool operator==(const SnippetSubject&) const = default;
};

/// The variables of the environment from which every snippet takes what must not stand in it.
inline constexpr std::string_view idVariable = "IOTMAN_CLIENT_ID";
inline constexpr std::string_view secretVariable = "IOTMAN_CLIENT_SECRET";

struct Snippet {
    Way way = Way::Pages;
    std::string fileName; ///< under which it is usually saved
    std::string text;
    bool worksHereOnly = false; ///< uses what the hosted service does not document
};

/// What a language offers for this endpoint, in the order of Way; Grafana has pages alone, curl no WebSocket.
std::vector<Snippet> snippets(Language language, const SnippetSubject& subject);

} // namespace iotman::codegen
