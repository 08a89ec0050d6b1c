#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/job/trial_spec.h"
#include "core/models/backbone.h"
#include "core/scripts/access.h"
#include "core/trial/trial_data.h"

namespace oodml::commands {

/// The network that embeds: a trial's, from a checkpoint, or a backbone with published weights.
struct NetworkOptions {
  std::filesystem::path checkpoint;  ///< Run directory, a checkpoint's folder in it, or a file of weights.
  std::filesystem::path trial;       ///< Its trial file; empty: trial.yaml at or above the checkpoint.
  std::string arch;                  ///< Instead of a trial.
  std::string weights = "default";   ///< Of arch, without a checkpoint.
  std::filesystem::path weights_root;
  scripts::Access scripts;
  std::optional<std::int64_t> embed_dim, crop_size, resize;  ///< Of arch; by default those of a trial.
};

struct OpenedNetwork {
  std::shared_ptr<models::Network> network;  ///< On the CPU.
  job::TrialSpec spec;  ///< The trial's; without one that of a trial with this arch and all defaults.
  bool of_trial = false;
  bool has_head = false;  ///< Not one of initial values.
  std::string from;       ///< What to call it.
};

/// kInvalidArgument for options that do not go together, kNotFound for what is not there, kFailedPrecondition for a
/// checkpoint of another trial. Damaged checkpoints that are passed over go to `warn`.
Result<OpenedNetwork> open_network(const NetworkOptions& options, const trial::Warn& warn);

}  // namespace oodml::commands
