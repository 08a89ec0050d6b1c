#pragma once

#include <vector>

#include "core/catalogue/component.h"

namespace oodml::catalogue {

// One file a list; catalogue.cpp joins them.
std::vector<Component> criteria();
std::vector<Component> miners();
std::vector<Component> samplers();
std::vector<Component> backbones();
std::vector<Component> metrics();
std::vector<Component> benchmarks();
std::vector<Parameter> make_trial_keys();

}  // namespace oodml::catalogue
