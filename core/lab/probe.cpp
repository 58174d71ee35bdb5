#include "core/lab/probe.h"

#include "core/lab/probeparts.h"
#include "core/lab/turns.h"

#include <array>

namespace iotman::lab {

namespace {

/// A page with this query, which is said by its status, type and the parameter at fault.
template <const char* query>
Turn shape(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, side.endpoint + query), shapeOf);
}

constexpr char limitZero[] = "?limit=0";
constexpr char limitHuge[] = "?limit=10001";
constexpr char limitWord[] = "?limit=many";
constexpr char limitTwice[] = "?limit=1&limit=2";
constexpr char fromWord[] = "?from=yesterday";
constexpr char fromMilliseconds[] = "?from=1700000000000";
constexpr char toTwice[] = "?to=1&to=2";
constexpr char backwards[] = "?from=2&to=1&limit=1";
constexpr char unknownParameter[] = "?limit=1&iotman_contract=1";

constexpr std::array all{
    Probe{"an endpoint that is not there", unknownEndpointTurn},
    Probe{"a path below the endpoint that is not there", deepPathTurn},
    Probe{"limit=0", shape<limitZero>},
    Probe{"a limit beyond 10000", shape<limitHuge>},
    Probe{"a limit that is no number", shape<limitWord>},
    Probe{"limit given twice", shape<limitTwice>},
    Probe{"to given twice", shape<toTwice>},
    Probe{"from that is no number", shape<fromWord>},
    Probe{"from in milliseconds", shape<fromMilliseconds>},
    Probe{"from after to", shape<backwards>},
    Probe{"a parameter that nobody knows", shape<unknownParameter>},
    Probe{"POST to an endpoint", postTurn},
    Probe{"HEAD of a page", headTurn},
    Probe{"the type of a page", pageTypeTurn},
    Probe{"the members of a page", pageMembersTurn},
    Probe{"a range without items", emptyRangeTurn},
    Probe{"the link to the next page", nextPageTurn},
    Probe{"pages of one item", smallPagesTurn},
    Probe{"pages of one item where times are equal", tiesTurn},
    Probe{"the digits of numbers", numbersTurn},
    Probe{"the order of keys", keysTurn},
    Probe{"no token", noTokenTurn, true},
    Probe{"a token that is none", strangeTokenTurn, true},
    Probe{"a token for a scope that nobody has", strangeScopeTurn, true},
    Probe{"a token with another scope", otherScopeTurn, true},
    Probe{"a page read from a foreign origin", foreignReadTurn},
    Probe{"an error read from a foreign origin", foreignErrorTurn},
    Probe{"a preflight from a foreign origin", foreignPreflightTurn},
    Probe{"a preflight for POST from a foreign origin", foreignPostPreflightTurn},
    Probe{"a stream without an upgrade", plainStreamTurn},
    Probe{"an upgrade", upgradeTurn},
    Probe{"an upgrade at an endpoint that is not there", unknownUpgradeTurn},
    Probe{"an upgrade from a foreign origin", foreignUpgradeTurn},
    Probe{"an upgrade to a version that is none", oldUpgradeTurn},
    Probe{"an upgrade without a token", noTokenUpgradeTurn, true},
    Probe{"an upgrade with a token that is none", strangeTokenUpgradeTurn, true},
    Probe{"a message of the stream", messageTurn},
};

} // namespace

bool Question::operator==(const Question& other) const
{
    return way == other.way && request.method == other.request.method && request.url == other.request.url &&
           request.headers == other.request.headers && request.body == other.request.body;
}

std::span<const Probe> probes()
{
    return all;
}

} // namespace iotman::lab
