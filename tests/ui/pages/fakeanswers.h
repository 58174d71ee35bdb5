// How a fake server writes what the real one answers.
#pragma once

#include "core/client/text.h"
#include "core/model/problem.h"
#include "tests/core/client/fakeserver.h"

namespace iotman::ui {

using client::FakeAnswer;
using client::FakeRequest;
using client::toBytes;
using client::view;

inline FakeAnswer jsonAnswer(int status, const Json& json, const QByteArray& headers = {})
{
    return {status, toBytes(jsonText(json)), "application/json", headers, false, {}};
}

inline FakeAnswer problem(int status, const std::string& detail, const std::string& field = {})
{
    Json json{{"type", "about:blank"}, {"title", "refused"}, {"status", status}, {"detail", detail}};
    if (!field.empty())
        json["field"] = field;
    return {status, toBytes(jsonText(json)), "application/problem+json", {}, false, {}};
}

} // namespace iotman::ui
