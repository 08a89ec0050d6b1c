#pragma once

#include "core/base/result.h"
#include "core/train/parts.h"
#include "core/trial/places.h"
#include "core/trial/trial_data.h"
#include "core/trial/trial_settings.h"

namespace oodml::trial {

/// Makes everything a trial is trained with, on the CPU. Each failure is something the specification asks for
/// and this machine does not have.
Result<train::Parts> make_parts(const TrialSettings& settings, const Places& places, const Warn& warn);

}  // namespace oodml::trial
