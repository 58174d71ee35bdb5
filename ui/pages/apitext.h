// The OpenAPI description of a workspace as text to read, and where in it things stand.
#pragma once

#include "core/model/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::ui {

/// A path or a schema of the description.
struct ApiPlace {
    enum class Kind { Path, Schema };

    Kind kind = Kind::Path;
    std::string name;
    std::string methods; ///< of a path: `GET`, `GET, POST`
    int line = 0;        ///< of the text, from 0

    bool operator==(const ApiPlace&) const = default;
};

struct ApiText {
    std::string text;    ///< indented JSON that ends with a line break
    std::string version; ///< of OpenAPI: `3.1.0`
    std::vector<ApiPlace> places;
};

/// Errors: Internal where `document` is no OpenAPI description.
Expected<ApiText> apiTextFrom(std::string_view document);

} // namespace iotman::ui
