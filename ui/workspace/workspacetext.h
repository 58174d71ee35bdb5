// A workspace file on its way from the disk to the server: read, recognised, and what is wrong with it told as a line of it.
#pragma once

#include "core/model/workspacefile.h"

#include <QString>

namespace iotman::ui {

inline constexpr qint64 mostWorkspaceFileBytes = 1 << 20; ///< what a server takes as the body of one management request

/// A file that was read, whatever is in it.
struct WorkspaceText {
    QString name; ///< without its folder
    std::string text;
};

/// Errors: NotFound, TooLarge, Internal, with a sentence for people.
Expected<WorkspaceText> readWorkspaceText(const QString& path);

/// Whether `text` wants to be a workspace file, with or without mistakes: an object that says which "iotman" it is.
bool looksLikeWorkspaceFile(std::string_view text);

/// What is wrong with a file, and where.
struct WorkspaceMistake {
    int line = 0;  ///< 1-based; 0 where it is not about a line
    QString where; ///< “demo.json:40:”, empty where it is not about a line
    QString sentence;

    bool operator==(const WorkspaceMistake&) const = default;
};

/// `error` is one of parsing the file, of its secrets or of the server that was to apply it.
WorkspaceMistake mistakeOf(const WorkspaceText& file, const Error& error);

} // namespace iotman::ui
