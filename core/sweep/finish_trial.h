#pragma once

#include "core/job/trial_spec.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/usual_checks.h"

namespace oodml::sweep {

/// The last step of a specification whose values are all typed: resolves `weights: default` and `layout: default`,
/// and checks names inside of texts (arch, metrics, split ids) and what keys demand of one another. An error that
/// concerns defaults alone stands at `whole`.
void finish_trial(job::TrialSpec& spec, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics);

}  // namespace oodml::sweep
