// Fields that an endpoint's items do not have but that are worked out from them. Values only.
#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace iotman {

struct DerivedField {
    enum class Kind { Rate, MovingMean, Difference, Rule };

    Kind kind = Kind::Rate;
    std::string name;              ///< of the new field; different from all others
    std::string source, group;     ///< path and group of the line it is worked out from; of all kinds but Rule
    std::string other, otherGroup; ///< of Difference: what is subtracted
    std::int64_t windowUs = 0;     ///< of MovingMean
    std::string rule;              ///< of Rule: in the rule language, `$` is the item

    bool operator==(const DerivedField&) const = default;
};

/// `celsius mean 10 min`: a name for a field without one.
std::string nameFor(const DerivedField& field);

/// The sentence that is wrong with a rule, with its column; empty when it compiles.
QString faultOf(const std::string& rule);

} // namespace iotman
