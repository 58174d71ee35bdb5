// The questions of the probes, by what they are about. See probe.cpp for what each is called.
#pragma once

#include "core/lab/probe.h"

namespace iotman::lab {

using Answers = std::span<const Answer>;

// pageprobes.cpp
Turn unknownEndpointTurn(const Side& side, Answers answers);
Turn deepPathTurn(const Side& side, Answers answers);
Turn postTurn(const Side& side, Answers answers);
Turn headTurn(const Side& side, Answers answers);
Turn pageTypeTurn(const Side& side, Answers answers);
Turn pageMembersTurn(const Side& side, Answers answers);
Turn emptyRangeTurn(const Side& side, Answers answers);
Turn nextPageTurn(const Side& side, Answers answers);
Turn smallPagesTurn(const Side& side, Answers answers);
Turn tiesTurn(const Side& side, Answers answers);
Turn numbersTurn(const Side& side, Answers answers);
Turn keysTurn(const Side& side, Answers answers);

// accessprobes.cpp
Turn noTokenTurn(const Side& side, Answers answers);
Turn strangeTokenTurn(const Side& side, Answers answers);
Turn strangeScopeTurn(const Side& side, Answers answers);
Turn otherScopeTurn(const Side& side, Answers answers);
Turn foreignReadTurn(const Side& side, Answers answers);
Turn foreignErrorTurn(const Side& side, Answers answers);
Turn foreignPreflightTurn(const Side& side, Answers answers);
Turn foreignPostPreflightTurn(const Side& side, Answers answers);

// streamprobes.cpp
Turn plainStreamTurn(const Side& side, Answers answers);
Turn upgradeTurn(const Side& side, Answers answers);
Turn unknownUpgradeTurn(const Side& side, Answers answers);
Turn foreignUpgradeTurn(const Side& side, Answers answers);
Turn oldUpgradeTurn(const Side& side, Answers answers);
Turn noTokenUpgradeTurn(const Side& side, Answers answers);
Turn strangeTokenUpgradeTurn(const Side& side, Answers answers);
Turn messageTurn(const Side& side, Answers answers);

} // namespace iotman::lab
