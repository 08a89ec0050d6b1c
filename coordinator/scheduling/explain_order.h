#pragma once

#include "coordinator/scheduling/order_glance.h"
#include "coordinator/service/sharing.h"

namespace oodml::coordinator::scheduling {

/// Of every owner with trials that wait or run, or with a weight or limit of its own: who has least of its share first.
std::vector<ShareView> shares_of(const OrderGlance& glance);
std::vector<LabelLimitView> label_limits_of(const OrderGlance& glance);

/// What goes before the trial if slots that could run all that waits with it became free one after another now, and
/// what holds the trial itself. Names of sweeps are left empty. A trial that does not wait has nothing before it.
OrderView explain(const OrderGlance& glance);

}  // namespace oodml::coordinator::scheduling
