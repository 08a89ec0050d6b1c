#pragma once

#include "core/base/result.h"
#include "core/job/identity.h"
#include "core/job/trial_spec.h"
#include "core/models/backbone.h"
#include "core/train/train_options.h"
#include "core/trial/places.h"
#include "core/trial/trial_settings.h"

namespace oodml::trial {

/// A trial that names scripts says from now on what is in their files: their hashes stand in arch_sha256 and
/// criterion.sha256, so that they are part of the fingerprint. A file that is not the one of a hash that was said
/// already is kDataLoss; other failures are those of scripts::find_script.
Status fill_script_hashes(job::TrialSpec& spec, const scripts::Access& access);

/// The data stamps of the same: "script vit.pt". Those that the spec says nothing of are left out.
job::DataStamps script_stamps(const job::TrialSpec& spec);

/// What make_network wants to know for a script.
models::ScriptOptions script_options(const TrialSettings& settings, const Places& places);

/// Images come as the network says that it wants them, where it does.
void use_input_statistics(const models::Network& network, train::TrainOptions& options);

}  // namespace oodml::trial
