#include "core/server/contentcoding.h"

#include "core/model/ascii.h"
#include "core/model/shown.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::string_view codingField = "content-encoding";
constexpr std::size_t longestShownCoding = 40;

bool isIdentity(const Header& header)
{
    return header.name != codingField || header.value.empty() || sameWithoutCase(header.value, "identity");
}

} // namespace

Expected<void> checkCoding(const HttpRequest& request)
{
    const std::vector<Header>& headers = request.head.headers;
    const auto other = std::find_if_not(headers.begin(), headers.end(), isIdentity);
    if (!request.head.hasBody() || other == headers.end())
        return {};
    return fail(Problem::UnsupportedMedia,
                "expected a body as it is, but its Content-Encoding is " + shown(other->value, longestShownCoding),
                "Content-Encoding");
}

} // namespace iotman::server
