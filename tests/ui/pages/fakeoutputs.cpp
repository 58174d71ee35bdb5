// Outputs and sources of the fake workspace.
#include "core/rules/transform.h"
#include "tests/ui/pages/fakeanswers.h"
#include "tests/ui/pages/fakeworkspace.h"

#include <algorithm>

namespace iotman::ui {

void FakeWorkspace::addSource(const std::string& name, const std::vector<std::string>& payloads)
{
    SourceView made;
    made.source.name.text = name;
    made.source.made = {{now * 1'000'000}, "owner@localhost"};
    made.datapoints = static_cast<std::int64_t>(payloads.size());
    sources.push_back(made);
    datapoints[name] = payloads;
}

FakeAnswer FakeWorkspace::sourcesCall(const FakeRequest& request, const std::string& rest) const
{
    if (rest.empty())
        return jsonAnswer(200, listJson(sources));
    if (!may(roleOf(request), Action::WriteOutputs))
        return problem(403, std::string(requirement(Action::WriteOutputs)));
    const auto found = datapoints.find(rest.substr(0, rest.find('/')));
    if (found == datapoints.end())
        return problem(404, "there is no such source");
    std::string data;
    const std::size_t limit = request.parameter(QStringLiteral("limit")).toULong();
    for (std::size_t i = 0; i < std::min(limit, found->second.size()); ++i)
        data += (i > 0 ? "," : "") + std::string("{\"time\":") + std::to_string(now - static_cast<std::int64_t>(i)) +
                ",\"sequence\":" + std::to_string(found->second.size() - i) + ",\"payload\":" + found->second[i] + "}";
    return {200, toBytes("{\"data\":[" + data + "],\"next_page\":null}"), "application/json", {}, false, {}};
}

FakeAnswer FakeWorkspace::outputsCall(const FakeRequest& request, const std::string& rest)
{
    if (request.method == "GET")
        return jsonAnswer(200, listJson(outputs));
    if (!may(roleOf(request), Action::WriteOutputs))
        return problem(403, std::string(requirement(Action::WriteOutputs)));
    const Json body = request.body.isEmpty() ? Json::object() : Json::parse(view(request.body));
    const auto named = [&](const OutputName& name) {
        return std::find_if(outputs.begin(), outputs.end(), [&](const OutputView& known) { return known.output.name == name; });
    };
    std::int64_t stored = 0;
    for (const SourceView& source : sources)
        stored += source.datapoints;
    if (request.method == "POST") {
        const auto draft = outputDraftFrom(body);
        if (!draft)
            return problem(400, draft.error().detail, draft.error().field);
        if (const auto rules = rules::Transform::compile(draft->filter, draft->rule); !rules)
            return problem(400, rules.error().detail, rules.error().field);
        if (named(draft->name) != outputs.end())
            return problem(409, "an output with the name “" + draft->name.text + "” exists", "name");
        OutputView& made = addOutput(draft->name.text, draft->rule, draft->applyToStored ? stored : 0);
        if (draft->id)
            made.output.id = *draft->id;
        made.output.sources = draft->sources;
        made.output.filter = draft->filter;
        return jsonAnswer(201, toJson(made));
    }
    const std::string id = rest.substr(0, rest.find('/'));
    const auto found =
        std::find_if(outputs.begin(), outputs.end(), [&](const OutputView& known) { return known.output.id.text == id; });
    if (found == outputs.end())
        return problem(404, "there is no output “" + id + "”");
    const FakeAnswer nothing{204, {}, "application/json", {}, false, {}};
    if (request.method == "DELETE" && rest.ends_with("/applying")) {
        found->applying.reset();
        return nothing;
    }
    if (request.method == "DELETE") {
        outputs.erase(found);
        return nothing;
    }
    const auto patch = outputPatchFrom(body);
    if (!patch)
        return problem(400, patch.error().detail, patch.error().field);
    found->output.name = patch->name.value_or(found->output.name);
    found->output.sources = patch->sources.value_or(found->output.sources);
    found->output.filter = patch->filter.value_or(found->output.filter);
    found->output.rule = patch->rule.value_or(found->output.rule);
    if (patch->applyToStored)
        found->applying = {0, stored};
    return jsonAnswer(200, toJson(*found));
}

} // namespace iotman::ui
