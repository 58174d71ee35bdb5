// The pages that a connection to a server brings: one row each.
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/session.h"

#include <span>

class QSettings;

namespace iotman::ui {

struct PageRow {
    PageId id;
    Page* (*make)(Session& session, QSettings& settings); ///< both outlive the page
    bool needsWorkspace;                                  ///< not there where only one endpoint is known
};

/// In the order of the navigation.
std::span<const PageRow> pageTable();

/// The number beside a page's name in the navigation, whoever adds the page; nothing: none.
std::optional<qint64> pageCount(PageId id, const Session& session);

} // namespace iotman::ui
