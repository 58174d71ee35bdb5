// Outputs as JSON: the only place that spells their members.
#include "core/model/resourcejson.h"

namespace iotman {

namespace {

Output readOutput(ObjectReader& reader)
{
    Output output;
    output.id = reader.parsed<OutputId>("id");
    output.name = reader.parsed<OutputName>("name");
    output.sources = reader.parsedTexts<SourceName>("sources");
    output.filter = reader.optionalText("filter").value_or(std::string());
    output.rule = reader.requiredText("rule");
    return output;
}

Json filterJson(const std::string& filter)
{
    return filter.empty() ? Json(nullptr) : Json(filter);
}

Json storedJson(const Applying& applying)
{
    return {{"key", applying.key},
            {"until", applying.until},
            {"sources", textsOf(applying.sources)},
            {"filter", filterJson(applying.filter)},
            {"rule", applying.rule},
            {"holds_others", applying.holdsOthers}};
}

Applying readApplying(ObjectReader& outer, const Json& json)
{
    ObjectReader reader(json);
    Applying applying;
    applying.key = reader.integer("key", 0, 1, INT64_MAX);
    applying.until = static_cast<Sequence>(reader.integer("until", 0, 0, INT64_MAX));
    applying.sources = reader.parsedTexts<SourceName>("sources");
    applying.filter = reader.optionalText("filter").value_or(std::string());
    applying.rule = reader.requiredText("rule");
    applying.holdsOthers = reader.flag("holds_others", false);
    if (auto done = reader.finish(); !done)
        outer.refuse(done.error());
    return applying;
}

} // namespace

Json storedJson(const Output& output)
{
    return {{"key", output.key},
            {"id", output.id.text},
            {"name", output.name.text},
            {"sources", textsOf(output.sources)},
            {"filter", filterJson(output.filter)},
            {"rule", output.rule},
            {"application", output.applying ? storedJson(*output.applying) : Json(nullptr)},
            {"holds_others", output.holdsOthers},
            {"created_at", timeJson(output.made.at)},
            {"created_by", output.made.by}};
}

Expected<Output> outputFromStored(const Json& json)
{
    ObjectReader reader(json);
    const OutputKey key = reader.integer("key", 0, 1, INT64_MAX);
    Output output = readOutput(reader);
    output.key = key;
    if (const Json* applying = reader.any("application"); applying && applying->is_object())
        output.applying = readApplying(reader, *applying);
    // Before format 10 it went on by whatever rules there were.
    if (const auto until = static_cast<Sequence>(reader.integer("apply_until", 0, 0, INT64_MAX)); until > 0)
        output.applying = applyingTo(output, key, until);
    output.holdsOthers = reader.flag("holds_others", false);
    output.made = readMade(reader);
    return finished(reader, std::move(output));
}

Json toJson(const OutputView& view)
{
    Json json{{"id", view.output.id.text},
              {"name", view.output.name.text},
              {"sources", textsOf(view.output.sources)},
              {"filter", filterJson(view.output.filter)},
              {"rule", view.output.rule},
              {"items", view.items},
              {"skipped", view.skipped},
              {"failed", view.failed},
              {"last_error", nullptr},
              {"last_item_at", timeJson(view.lastItemAt)},
              {"applying", nullptr},
              {"created_at", timeJson(view.output.made.at)},
              {"created_by", view.output.made.by}};
    if (view.lastError)
        json["last_error"] = {
            {"at", timeJson(view.lastError->at)}, {"detail", view.lastError->detail}, {"payload", view.lastError->payload}};
    if (view.applying)
        json["applying"] = {{"done", view.applying->first}, {"total", view.applying->second}};
    return json;
}

Expected<OutputView> outputViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    OutputView view;
    view.output = readOutput(reader);
    view.items = reader.integer("items", 0, 0, INT64_MAX);
    view.skipped = reader.integer("skipped", 0, 0, INT64_MAX);
    view.failed = reader.integer("failed", 0, 0, INT64_MAX);
    view.lastItemAt = reader.time("last_item_at");
    view.output.made = readMade(reader);
    if (const Json* error = reader.any("last_error"); error && error->is_object()) {
        ObjectReader inner(*error, UnknownMembers::Ignored);
        view.lastError = OutputFailure{inner.time("at").value_or(Timestamp{}), inner.text("detail"), inner.text("payload")};
        if (auto done = inner.finish(); !done)
            reader.refuse(done.error());
    }
    if (const Json* applying = reader.any("applying"); applying && applying->is_object()) {
        ObjectReader inner(*applying, UnknownMembers::Ignored);
        view.applying = {inner.integer("done", 0, 0, INT64_MAX), inner.integer("total", 0, 0, INT64_MAX)};
        if (auto done = inner.finish(); !done)
            reader.refuse(done.error());
    }
    return finished(reader, std::move(view));
}

Expected<OutputDraft> outputDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    OutputDraft draft;
    draft.id = reader.optionalParsed<OutputId>("id");
    draft.name = reader.parsed<OutputName>("name");
    checkName(reader, "name", draft.name.text);
    draft.sources = reader.parsedTexts<SourceName>("sources");
    draft.filter = reader.optionalText("filter").value_or(std::string());
    draft.rule = reader.requiredText("rule");
    draft.applyToStored = reader.flag("apply_to_stored", true);
    return finished(reader, std::move(draft));
}

Json toJson(const OutputDraft& draft)
{
    Json json{{"name", draft.name.text},
              {"sources", textsOf(draft.sources)},
              {"filter", filterJson(draft.filter)},
              {"rule", draft.rule},
              {"apply_to_stored", draft.applyToStored}};
    if (draft.id)
        json["id"] = draft.id->text;
    return json;
}

Expected<OutputPatch> outputPatchFrom(const Json& json)
{
    ObjectReader reader(json);
    OutputPatch patch;
    patch.name = reader.has("name") ? std::optional(reader.parsed<OutputName>("name")) : std::nullopt;
    if (patch.name)
        checkName(reader, "name", patch.name->text);
    patch.sources = reader.has("sources") ? std::optional(reader.parsedTexts<SourceName>("sources")) : std::nullopt;
    patch.filter = reader.has("filter") ? std::optional(reader.optionalText("filter").value_or(std::string())) : std::nullopt;
    patch.rule = reader.has("rule") ? std::optional(reader.requiredText("rule")) : std::nullopt;
    patch.applyToStored = reader.flag("apply_to_stored", false);
    return finished(reader, std::move(patch));
}

} // namespace iotman
