#pragma once

#include "coordinator/store/attempt_table.h"
#include "core/base/result.h"
#include "core/job/lease.h"

namespace oodml::coordinator::artifacts {

/// The attempt of a lease under which files may be left or taken: it is live, or was the trial's last and nobody has
/// claimed the trial since. kAborted: somebody has, it began afresh, or there never was such a lease.
Result<store::AttemptRow> last_attempt(store::Connection& database, const job::Lease& lease);

}  // namespace oodml::coordinator::artifacts
