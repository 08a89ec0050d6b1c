#pragma once

#include <filesystem>

#include "coordinator/store/verification.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::upkeep {

struct Restored {
  store::Verification verified;  ///< Of the backup.
  std::filesystem::path aside;   ///< What the database was before; empty: there was none.
};

/// Puts a verified copy of a backup into the place of a database. At each moment the old one or the new one is there,
/// whatever ends this process; the old one stays beside it as `<database>.before-<time>`, with its log where that could
/// not be moved into it. kFailedPrecondition: a coordinator owns the database, or the backup is of another program or a
/// later version; kDataLoss: the backup is damaged; kNotFound: it is not there.
Result<Restored> restore_database(const std::filesystem::path& backup, const std::filesystem::path& database, Time now);

}  // namespace oodml::coordinator::upkeep
