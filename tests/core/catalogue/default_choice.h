#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "core/catalogue/catalogue.h"

namespace oodml::testing {

using Changes = std::initializer_list<std::pair<const std::string, Value>>;

/// The component with the catalogue's defaults and `changes`.
inline ComponentChoice default_choice(catalogue::Kind kind, const std::string& name, Changes changes = {}) {
  ComponentChoice choice{.name = name};
  for (const auto& parameter : catalogue::find(kind, name)->parameters) {
    choice.params.set(parameter.name, parameter.fallback);
  }
  for (const auto& [key, value] : changes) choice.params.set(key, value);
  return choice;
}

inline ComponentChoice criterion_choice(const std::string& name, Changes changes = {}) {
  return default_choice(catalogue::Kind::kCriterion, name, changes);
}

inline ComponentChoice miner_choice(const std::string& name, Changes changes = {}) {
  return default_choice(catalogue::Kind::kMiner, name, changes);
}

inline ComponentChoice sampler_choice(const std::string& name, Changes changes = {}) {
  return default_choice(catalogue::Kind::kSampler, name, changes);
}

}  // namespace oodml::testing
