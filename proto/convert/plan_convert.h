#pragma once

#include "core/job/sweep_plan.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::convert {

/// What both the coordinator's plan and one that is made without a coordinator say of an axis.
v1::AxisCount to_proto(const job::AxisCount& axis);

}  // namespace oodml::convert
