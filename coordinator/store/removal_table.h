#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "coordinator/service/upkeep.h"
#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"

namespace oodml::coordinator::store {

// Sweeps that are put out of sight or go for good. What another sweep has stays.

void set_archived(Connection& database, SweepId sweep, std::optional<Time> at);

/// What would go with the sweep, beside `sweep` itself. Where it has very many trials the sizes are those of the first
/// ones, multiplied.
RemovalView what_goes(Connection& database, SweepId sweep);

/// From now on nobody sees the sweep. A trial of it that a submission shares before its turn comes stays whole.
void set_deleted(Connection& database, SweepId sweep, Time at);

/// Removes some rows of deleted sweeps: until `until`, and at most `most` of them by a little; how many. 0: there are
/// no such sweeps any more. A trial that was looked at last may be left in part, and is gone on with.
std::int64_t remove_some(Connection& database, std::int64_t most, std::chrono::steady_clock::time_point until);

}  // namespace oodml::coordinator::store
