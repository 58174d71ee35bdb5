// A stream that is open at the moment, as `/api/activity/streams` tells it, and how it reads in a table.
#pragma once

#include "core/model/json.h"
#include "ui/pages/rowsmodel.h"
#include "ui/pages/words.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iotman::ui {

struct OpenStream {
    std::uint64_t number = 0; ///< of its entry in the list of what was asked
    Timestamp at;             ///< when it was opened
    std::string endpoint;
    bool webSocket = false; ///< else server-sent events
    std::string client;     ///< address
    std::string caller;     ///< whose token it was; empty: none
    std::string origin;
    std::int64_t bytes = 0;             ///< sent
    std::optional<std::int64_t> behind; ///< items that it has not taken yet; nothing while it reads those of the past

    bool operator==(const OpenStream&) const = default;
};

/// The list of an answer. Errors: Internal where it is none.
Expected<std::vector<OpenStream>> openStreamsFrom(const std::string& answer);

std::vector<ColumnSpec> streamColumns();
TableRow streamRow(const OpenStream& stream, const ReadingContext& context);

} // namespace iotman::ui
