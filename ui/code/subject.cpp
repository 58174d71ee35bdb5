#include "ui/code/subject.h"

#include "core/client/text.h"

namespace iotman::ui {

codegen::SnippetSubject subjectOf(const EndpointView& view, const QUrl& server)
{
    codegen::SnippetSubject subject{view.outputName.text, view.url, view.streamUrl, view.eventsUrl, {}, {}, true};
    subject.scope = view.endpoint.requiredScope;
    // A server that keeps to the hosted contract names no events, and knows no cursor on streams either.
    subject.resumes = !view.eventsUrl.empty();
    const std::string path = "/data/out/";
    const std::size_t at = view.url.find(path);
    subject.tokenUrl =
        (at == std::string::npos ? client::fromQt(server.toString(QUrl::StripTrailingSlash)) : view.url.substr(0, at)) +
        "/oauth/token";
    return subject;
}

} // namespace iotman::ui
