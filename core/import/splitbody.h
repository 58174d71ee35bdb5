// The objects in the body of a request, by their boundaries.
#pragma once

#include "core/import/limits.h"
#include "core/model/error.h"

#include <string_view>
#include <vector>

namespace iotman::files {

enum class BodyShape {
    Object, ///< one object, perhaps over several lines
    Array,  ///< an array of objects
    Lines,  ///< one object a line (NDJSON)
};

struct Slice {
    std::string_view text;  ///< from `{` to its `}`, as in the body
    std::size_t number = 1; ///< Lines: the line, as editors count; Array: the element, from 1

    bool operator==(const Slice&) const = default;
};

struct Body {
    BodyShape shape = BodyShape::Object;
    std::vector<Slice> objects;
};

/// Finds the objects, by what the body is and not by what a header says of it. It checks what lies between the objects
/// and that the brackets of each are balanced; whether an object is JSON is for the parser that reads it next.
/// A byte order mark and blank lines count for nothing; `[]` holds no object, an empty body is an error.
/// Errors name the line or element, the column, and what was expected: BadRequest, and TooLarge for an object beyond
/// its limits or more than 100,000 of them. Any thread; the slices are views of `body`.
Expected<Body> splitBody(std::string_view body, const ObjectLimits& limits = {});

/// An error of `rules::Payload::parse` for one slice, told as a place in the body that was split:
/// `line 637, column 9: …`, `element 3: line 1, column 40: …`.
Error placedInBody(std::string_view body, BodyShape shape, const Slice& slice, const Error& error);

} // namespace iotman::files
