#pragma once

#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// The sampler `pads`, with the flags of its program under their names without `policy_`. Those that the program never
/// reads or overwrites (no_baseline, init_params, log_distr_plots, include_pos, include_same) are not there.
Component pads();

/// What its parameters must be to each other; the failure names the parameter.
struct ParameterError {
  std::string parameter;
  std::string what;
};
std::vector<ParameterError> check_pads(const Params& params);

}  // namespace oodml::catalogue
