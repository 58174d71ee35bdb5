// What is said of an exchange with an endpoint.
#pragma once

#include "core/client/pagereader.h"
#include "ui/pages/words.h"

namespace iotman::ui {

/// “100 items, more follow”; `before` items were read on the pages before: “Items 101 to 200, more follow”.
QString pageText(const client::Page& page, std::size_t before);

/// `200 OK`.
QString statusText(const client::HttpAnswer& answer);
/// `4 ms · 7.6 kB · application/json`.
QString answerText(const client::HttpAnswer& answer, const QLocale& locale);

/// The range as Unix seconds and the zone: `1277967600 … 1280645999`.
QString rangeText(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to);

/// A range in which nothing can lie; empty when it is fine.
QString rangeError(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to);

} // namespace iotman::ui
