#pragma once

#include <string>
#include <utility>

#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// A parameter whose values are between `bounds`.
inline Parameter bounded(std::string name, ValueType type, Value fallback, const Entry::Bounds& bounds,
                         std::string help) {
  return {.name = std::move(name),
          .type = type,
          .fallback = std::move(fallback),
          .at_least = bounds.at_least,
          .at_most = bounds.at_most,
          .above = bounds.above,
          .below = bounds.below,
          .choices = {},
          .help = std::move(help),
          .source = {}};
}

}  // namespace oodml::catalogue
