#include "core/server/methods.h"

namespace iotman::server {

Response otherMethod(const RequestHead& head, const std::string& taken)
{
    const std::string allowed = taken + ", OPTIONS";
    Response response = head.method == "OPTIONS" ? emptyResponse(204)
                                                 : problemResponse({Problem::MethodNotAllowed, "this path takes " + allowed});
    response.with("Allow", allowed);
    return response;
}

} // namespace iotman::server
