// Requests as JSON where core/model only reads them: what model's …From functions take back unchanged.
#pragma once

#include "core/model/resources.h"

namespace iotman::client {

Json patchJson(const WorkspacePatch& patch);
Json patchJson(const SourcePatch& patch);
Json patchJson(const OutputPatch& patch);
Json patchJson(const EndpointPatch& patch);
Json patchJson(const ClientPatch& patch);
Json patchJson(const MemberPatch& patch);
Json draftJson(const MemberDraft& draft);

} // namespace iotman::client
