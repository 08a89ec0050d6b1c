#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace oodml::job {

/// Where in its training a run stood when it wrote a checkpoint, which is the checkpoint's name: 0003 is the end of
/// epoch 3 with its evaluation, 0003-000000 the same before it was evaluated, 0003-000017 step 17 of the epoch after
/// it. In order of progress.
struct CheckpointPlace {
  std::int64_t epoch = 0;
  std::int64_t step = 0;  ///< -1: before the evaluation of `epoch`.
  friend auto operator<=>(const CheckpointPlace&, const CheckpointPlace&) = default;
};

/// nullopt: no checkpoint is called so.
std::optional<CheckpointPlace> checkpoint_place(std::string_view name);

}  // namespace oodml::job
