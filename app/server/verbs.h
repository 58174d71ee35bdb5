// What iotman-server does besides serving: one function per verb. Each prints what it is asked for on stdout and gives the exit
// code; an error is one sentence for stderr.
#pragma once

#include "core/model/clock.h"

#include "app/server/arguments.h"

namespace iotman {

/// What verbs need of the world.
struct World {
    const Clock& clock;
    Random& random;
};

inline constexpr int exitDone = 0;
inline constexpr int exitFailed = 1;
inline constexpr int exitWrongUsage = 2;
inline constexpr int exitDifferent = 3; ///< of `apply --dry-run` and `contract`

Expected<int> apply(const ApplyArguments& arguments, const World& world);
Expected<int> exportFile(const ExportArguments& arguments, const World& world);
Expected<int> importRows(const ImportArguments& arguments, const World& world);
Expected<int> addMember(const MemberArguments& arguments, const World& world);
Expected<int> mintToken(const TokenArguments& arguments, const World& world);
Expected<int> snapshot(const SnapshotArguments& arguments, const World& world);
Expected<int> replay(const ReplayArguments& arguments, const World& world);
Expected<int> contract(const ContractArguments& arguments, const World& world);
Expected<int> check(const CheckArguments& arguments);

/// A text on stdout, seen at once. Errors: when it cannot be written (a closed pipe, a full disk).
Expected<void> printText(std::string_view text);
/// The same with a line end.
Expected<void> printLine(const std::string& line);

} // namespace iotman
