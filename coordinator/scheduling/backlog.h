#pragma once

#include <vector>

#include "coordinator/scheduling/order_glance.h"
#include "coordinator/service/sharing.h"

namespace oodml::coordinator::scheduling {

/// What waits, by need, most trials first. Limits count as if all that may begin began now: those that share one have
/// its room once.
std::vector<WaitingView> backlog_of(const OrderGlance& glance);

}  // namespace oodml::coordinator::scheduling
