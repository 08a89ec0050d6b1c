#pragma once

#include <bit>

#include "core/metrics/key_counts.h"

namespace oodml::metrics {

/// What screening leaves open. Keys are the bits of floats >= 0; two rows whose floats lie farther apart than `width`
/// stand in the right order, of the others a second look decides. Width 0: keys are compared as they are.
struct Margin {
  float width = 0.0f;

  /// The smallest key that may stand for a row as near as that of `key`: one less than the difference, for its
  /// rounding.
  Key below(Key key) const {
    if (width == 0.0f) return key;
    const float value = std::bit_cast<float>(key) - width;
    return value > 0.0f ? std::bit_cast<Key>(value) - 1 : 0;
  }
  /// The largest one.
  Key above(Key key) const {
    if (width == 0.0f) return key;
    return std::bit_cast<Key>(std::bit_cast<float>(key) + width) + 1;
  }
};

}  // namespace oodml::metrics
