// The pages that a connection to a server brings: one row each.
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/session.h"

#include <span>

class QSettings;

namespace iotman::ui {

struct PageRow {
    PageId id;
    Page* (*make)(Session& session, QSettings& settings);   ///< both outlive the page
    bool needsWorkspace;                                    ///< not there where only one endpoint is known
    std::optional<qint64> (*count)(const Session& session); ///< the number beside its name in the navigation; nothing: none
};

/// In the order of the navigation.
std::span<const PageRow> pageTable();

} // namespace iotman::ui
