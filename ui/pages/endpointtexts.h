// What is said before an endpoint is made, changed or deleted.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/connection.h"
#include "ui/pages/deletequestion.h"
#include "ui/pages/words.h"

#include <optional>
#include <vector>

namespace iotman::ui {

/// What a person has entered for a new endpoint.
struct EndpointFields {
    std::optional<OutputId> output;
    std::optional<ScopeName> scope; ///< nothing: public read access
    QString id;                     ///< as typed; empty: the server makes one
};

/// What is to be said of the fields, and the draft they make when nothing is wrong with them.
struct EndpointCheck {
    std::optional<EndpointDraft> draft;
    QString outputNote; ///< under the output: how many endpoints serve it already
    QString scopeNote;  ///< under the scope: who will be able to read
    QString idError;    ///< under the id; empty when it is fine
};

EndpointCheck checkEndpoint(const EndpointFields& fields, const std::vector<EndpointView>& endpoints,
                            const std::vector<ScopeView>& scopes);

/// Who can read an endpoint with that required scope: “Held by 2 clients: grafana, ci-dashboard. Others get 403.”
QString readersText(const std::optional<ScopeName>& scope, const std::vector<ScopeView>& scopes);

/// The question before endpoints are deleted.
DeleteQuestion deleteQuestion(const std::vector<EndpointView>& endpoints, Environment environment, const ReadingContext& context);

/// “1,126,963 items, the latest at 14:02:31.”
QString itemsText(const OutputView& output, const ReadingContext& context);

} // namespace iotman::ui
