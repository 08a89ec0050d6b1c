#pragma once

#include <string>

namespace oodml::testing {

/// A sweep of `seeds` trials of three epochs that differ in their seed, from `first_seed` on; for scripted trials.
std::string scripted_sweep(const std::string& name, int seeds, int first_seed = 0);

}  // namespace oodml::testing
