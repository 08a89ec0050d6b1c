#pragma once

#include <array>
#include <string_view>

namespace oodml::images {

/// What a backbone was trained on: (level / 255 - mean) / std, channels red, green, blue.
struct Normalisation {
  std::array<float, 3> mean = {0.485F, 0.456F, 0.406F};
  std::array<float, 3> std = {0.229F, 0.224F, 0.225F};
  bool blue_first = false;  ///< The planes are given in the order blue, green, red.
};

/// The table of docs/data.md#pipelines. It belongs to the backbone, so every set of a trial has the same (quirk T16).
Normalisation normalisation_of(std::string_view arch);

}  // namespace oodml::images
