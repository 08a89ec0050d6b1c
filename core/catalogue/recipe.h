#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"
#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// The defaults of a project whose numbers the field knows: what a trial says itself comes first.
struct Recipe {
  std::string name;     ///< As the trial key `recipe` takes it: revisiting, oodml, nir, pads.
  std::string summary;  ///< One line.
  Params defaults;      ///< Trial keys in which it differs from the catalogue.
  std::map<std::string, Params> of_benchmark = {};  ///< Where one benchmark has defaults of its own; they come first.
};

/// default, which changes nothing, first. Source: docs/training.md#defaults-of-the-references.
const std::vector<Recipe>& recipes();
std::vector<std::string> recipe_names();

/// What a trial of that recipe on that benchmark gets for a key it does not set. An unknown recipe is `default`.
const Value& fallback_of(const Parameter& key, std::string_view recipe, std::string_view benchmark);

}  // namespace oodml::catalogue
