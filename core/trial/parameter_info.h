#pragma once

#include <string>

#include "core/job/trial_spec.h"

namespace oodml::trial {

/// Every value of a trial as the references list theirs in Parameter_Info.txt: a line with the key, one with a tab and
/// the value, an empty one. Source: docs/training.md#logs.
std::string parameter_info(const job::TrialSpec& spec);

}  // namespace oodml::trial
