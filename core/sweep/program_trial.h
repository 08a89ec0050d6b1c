#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/base/params.h"
#include "core/job/trial_spec.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/settings.h"

namespace oodml::sweep {

/// The setting that has a program of people's own run the trial; nullptr: the core does (`program: none`).
const LayeredSettings::Held* named_program(const LayeredSettings& settings);

/// build_trial for a trial with `program: NAME`: its parameters with the types that they were written in, and the keys
/// of catalogue::keys_of_program_trials(). Keys of the core are left out where they are shared (`trial:`), and errors
/// where they were set for this trial, or beside its `program:`.
std::optional<job::TrialSpec> build_program_trial(const LayeredSettings& settings, const Place& whole,
                                                  Diagnostics& diagnostics, std::set<const Setting*>* used);

/// A parameter's value with the type that its spelling has: true, 3, 0.5, else a text; a list is of one such type.
std::optional<Value> free_value(const std::string& key, const Node& node, Diagnostics& diagnostics);

/// Checks the name of a program, or none.
void check_program_name(const Setting& setting, Diagnostics& diagnostics);

/// In a sweep and its blocks, `params: {lr: [0.1, 0.01]}` among the axes becomes the axis params.lr.
void unfold_params(Node& sweep);

}  // namespace oodml::sweep
