#include "core/rules/datetime.h"

namespace iotman::rules {

Expected<std::optional<Datetime>> parseDatetime(std::string_view) { return fail(Problem::BadRequest, "expected no datetime()"); }
Expected<Datetime> parseDatetime(std::string_view, std::string_view) { return fail(Problem::BadRequest, "expected no datetime()"); }

} // namespace iotman::rules
