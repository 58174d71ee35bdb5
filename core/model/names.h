// Strong types for the names and ids of a workspace: holding one means it is valid.
#pragma once

#include "core/model/error.h"

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace iotman {

/// A checked text that is only comparable with its own kind. Each kind defines `parse`.
template <class Kind>
struct Name {
    std::string text;

    /// Errors: BadRequest with a sentence that says what such a name looks like, `field` as given.
    static Expected<Name> parse(std::string_view text, std::string_view field);

    auto operator<=>(const Name&) const = default;
};

using SourceName = Name<struct SourceNameKind>; ///< `[a-z0-9_-]{1,64}`
using Slug = Name<struct SlugKind>;             ///< `[a-z0-9_-]{1,64}`
using OutputName = Name<struct OutputNameKind>; ///< 1 to 64 characters, no control characters, no blanks at the ends
using ScopeName = Name<struct ScopeNameKind>;   ///< `namespace:action`, `[a-z0-9_-]+:[a-z0-9_-]+`, at most 64
using EndpointId = Name<struct EndpointIdKind>; ///< `[A-Za-z0-9_-]{1,64}`
using OutputId = Name<struct OutputIdKind>;     ///< `[A-Za-z0-9_-]{1,64}`
using ClientId = Name<struct ClientIdKind>;     ///< `[A-Za-z0-9_-]{1,64}`
using MemberId = Name<struct MemberIdKind>;     ///< `[A-Za-z0-9_-]{1,64}`
using Email = Name<struct EmailKind>;           ///< `local@domain`, lower case, at most 254 characters

} // namespace iotman

template <class Kind>
struct std::hash<iotman::Name<Kind>> {
    std::size_t operator()(const iotman::Name<Kind>& name) const noexcept { return std::hash<std::string>{}(name.text); }
};
