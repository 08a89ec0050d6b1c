#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace oodml::coordinator {

/// What trials that have not run yet will take, from like trials that have.
struct Estimate {
  double slot_hours = 0;  ///< Of the known ones.
  double wall_hours = 0;  ///< With the slots that are connected; 0: unknown.
  /// That lie on workers in the end, as many as each trial keeps, of those trials whose checkpoints are known.
  std::int64_t checkpoint_bytes = 0;
  std::int64_t sized_trials = 0;  ///< So many, whether their speed is known or not.
  std::int64_t known_trials = 0;
  std::int64_t unknown_trials = 0;
  std::vector<std::string> unknown;  ///< Kinds that have not run here yet: "resnet50, batch 112, crop 224".
  std::vector<std::string> from;     ///< What the figures come from, in words.
};

}  // namespace oodml::coordinator
