#pragma once

#include <string>
#include <vector>

#include "core/job/trial_spec.h"

/// The keys of a trial that leave its numbers alone (log.csv, cache_mib), where sweeps that share it differ in them.
namespace oodml::coordinator::submission {

/// `earlier` with what `wanted` asks for: the files of both are left, of the other neutral keys the newer value counts.
job::TrialSpec with_wishes(const job::TrialSpec& earlier, const job::TrialSpec& wanted);

/// What `wanted` asks for and `earlier` does not leave behind, as a sweep writes it: "log.csv: true".
std::vector<std::string> unmet_wishes(const job::TrialSpec& earlier, const job::TrialSpec& wanted);

}  // namespace oodml::coordinator::submission
