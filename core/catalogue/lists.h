#pragma once

#include <string_view>
#include <vector>

#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// The prefix of an arch with one head for each of head_names().
inline constexpr std::string_view kSeveralHeads = "multifeature_";

// One file a list; catalogue.cpp joins them.
std::vector<Component> criteria();
std::vector<Component> tuple_criteria();  // from triplets or from sets of positives and negatives
std::vector<Component> pair_criteria();   // from the similarities of all pairs of the batch
std::vector<Component> proxy_criteria();  // from trained proxies or class vectors
std::vector<Component> diva_criteria();   // from several heads, keys or rotated images
std::vector<Component> distillation_criteria();
std::vector<Component> flow_criteria();
std::vector<Component> script_criteria();  // of people's own
std::vector<Component> miners();
std::vector<Component> samplers();
std::vector<Component> backbones();
std::vector<Component> metrics();
std::vector<Component> benchmarks();
std::vector<Parameter> make_trial_keys();

}  // namespace oodml::catalogue
