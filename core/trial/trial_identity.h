#pragma once

#include "core/base/clock.h"
#include "core/job/identity.h"
#include "core/trial/places.h"
#include "core/trial/trial_settings.h"

namespace oodml::trial {

/// What the trial's numbers depend on beside its specification, looked up now: this program, and hashes of what it
/// reads of the benchmarks, weights and scripts. Looks at every image file's size. What cannot be read is left out;
/// opening it says why.
job::Identity trial_identity(const job::TrialSpec& spec, const TrialSettings& settings, const Places& places,
                             const Clock& clock);

}  // namespace oodml::trial
