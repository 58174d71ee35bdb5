// The languages behind snippets(): each makes one program.
#pragma once

#include "core/codegen/snippet.h"

namespace iotman::codegen {

/// Each of them: the text for `way`, or nothing where the language has no such program.
std::string curlText(const SnippetSubject& subject, Way way);
std::string javaScriptText(const SnippetSubject& subject, Way way);
std::string pythonText(const SnippetSubject& subject, Way way);
std::string cppText(const SnippetSubject& subject, Way way);
std::string grafanaText(const SnippetSubject& subject, Way way);

} // namespace iotman::codegen
