#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace oodml::coordinator::scheduling {

/// A new one: 12 digits of the time, in milliseconds, and 20 random ones, which nobody guesses. Later ones come later
/// in the index of leases, whose pages so fill one after the other: a commit writes a page for many of them.
LeaseId new_lease_id(Time now);

}  // namespace oodml::coordinator::scheduling
