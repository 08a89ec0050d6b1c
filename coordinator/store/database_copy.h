#pragma once

#include <filesystem>
#include <functional>

#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// Copies a database, with what its log holds, as of one moment into `file`, which is made with mode 0600 and holds
/// nothing else: no log stands beside it. It is on disk when this returns. kCancelled: `go_on`, asked after every MiB,
/// said no. What was begun is removed where it fails.
///
/// Written pages are handed to the disk as they come: a sync of somebody else's never finds all of the copy to write.
Status copy_database(const std::filesystem::path& database, const std::filesystem::path& file,
                     const std::function<bool(CopyStep)>& go_on);

}  // namespace oodml::coordinator::store
