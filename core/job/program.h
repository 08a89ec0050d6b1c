#pragma once

#include <string>
#include <string_view>

#include "core/job/trial_spec.h"

namespace oodml::job {

// A trial that a program of people's own runs in place of the core has `program`, that program's parameters as
// params.lr, benchmark, split and seed, and of the other keys those of catalogue::keys_of_program_trials().

/// The program that runs the trial; empty: the core does.
inline std::string program_of(const TrialSpec& spec) { return spec.values.value_or<std::string>("program", ""); }

/// What the hash of its file is of, among DataStamps: "program reference".
inline std::string program_named(std::string_view name) { return "program " + std::string(name); }

}  // namespace oodml::job
