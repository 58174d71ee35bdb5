// What both tabs about reading an endpoint from elsewhere need to know of it.
#pragma once

#include "core/codegen/snippet.h"
#include "core/model/resources.h"

#include <QUrl>

namespace iotman::ui {

/// The endpoint as snippets call it. `server` is where its token endpoint is when the endpoint's own URL does not tell.
codegen::SnippetSubject subjectOf(const EndpointView& endpoint, const QUrl& server);

} // namespace iotman::ui
