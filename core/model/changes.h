// What people may do to a workspace: each function changes the catalog it is given, or says why not and leaves it as it was.
// Whether the person's role allows it was decided before (permissions.h); whether a rule compiles as well (core/pipeline).
#pragma once

#include "core/model/catalog.h"

namespace iotman {

/// Who asks, when, and where new ids come from.
struct Author {
    std::string who; ///< e-mail of a member
    Timestamp at;
    Random& random;
};

/// A secret that exists in clear only here: shown once, stored hashed.
struct NewSecret {
    std::string id;
    std::string secret;
};

Expected<void> changeWorkspace(Catalog& catalog, const WorkspacePatch& patch);

Expected<void> createScope(Catalog& catalog, const ScopeDraft& draft, const Author& author);
/// Conflict while an endpoint, client or source uses it; the error names them.
Expected<void> deleteScope(Catalog& catalog, const ScopeName& name);

Expected<void> createSource(Catalog& catalog, const SourceDraft& draft, const Author& author);
Expected<void> changeSource(Catalog& catalog, const SourceName& name, const SourcePatch& patch);
/// Its datapoints stay. Conflict while an output names it.
Expected<void> deleteSource(Catalog& catalog, const SourceName& name);

/// `last` is the greatest sequence stored: up to there the output is to be applied, if the draft wants it.
Expected<OutputId> createOutput(Catalog& catalog, const OutputDraft& draft, Sequence last, const Author& author);
/// What comes from now on follows the new rule. Where the patch wants it, the items of what is stored, up to the sequence `last`, are
/// to be made anew, which is core/pipeline's. Conflict while that is being done already.
Expected<void> changeOutput(Catalog& catalog, const OutputId& id, const OutputPatch& patch, Sequence last);
/// All was looked at: what was made is what is served from now on. `output` is being applied.
void finishApplying(Output& output);
/// What was made anew so far is dropped; of a new output it stays. NotFound where nothing is being applied.
Expected<void> cancelApplying(Catalog& catalog, const OutputId& id);
/// Conflict while endpoints serve it; the error names them. Conflict for one that belongs to a source.
Expected<void> deleteOutput(Catalog& catalog, const OutputId& id);

/// The source of its name that an output belongs to (a replay, a mirror): it comes and goes with it and stays as it is. Null for
/// the outputs that people make.
const Source* ownerOf(const Catalog& catalog, const Output& output);

Expected<EndpointId> createEndpoint(Catalog& catalog, const EndpointDraft& draft, const Author& author);
Expected<void> changeEndpoint(Catalog& catalog, const EndpointId& id, const EndpointPatch& patch);
/// Output and items stay.
Expected<void> deleteEndpoint(Catalog& catalog, const EndpointId& id);

Expected<NewSecret> createClient(Catalog& catalog, const ClientDraft& draft, const Author& author);
Expected<void> changeClient(Catalog& catalog, const ClientId& id, const ClientPatch& patch);
Expected<NewSecret> renewSecret(Catalog& catalog, const ClientId& id, const Author& author);
Expected<void> deleteClient(Catalog& catalog, const ClientId& id);

Expected<NewSecret> createMember(Catalog& catalog, const MemberDraft& draft, const Author& author);
/// Conflict when it would lower the last admin.
Expected<void> changeMember(Catalog& catalog, const MemberId& id, const MemberPatch& patch);
Expected<NewSecret> renewKey(Catalog& catalog, const MemberId& id, const Author& author);
/// Conflict when it would remove the last admin.
Expected<void> deleteMember(Catalog& catalog, const MemberId& id);

/// NotFound, naming kind and id.
Error notFound(std::string_view kind, std::string_view id);

} // namespace iotman
