#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// How the name of a folder begins that is being written and has not its own name yet.
inline constexpr std::string_view kUnfinishedFolder = ".unfinished-";

/// Whether the figure's epoch is the best so far of its set, embeddings and metric (core/catalogue/best_epoch.h, also
/// for `trains`). `earlier` must not hold it yet (quirk T3: a reference compares it with itself and keeps none).
bool is_best(const job::Metric& figure, const std::vector<job::Metric>& earlier, bool trains);

/// `<run dir>/best/<set>_<embeddings>_<metric>/`: network.safetensors, criterion.safetensors and best.json (epoch,
/// value, fingerprint) of the best epoch. Written under a temporary name and put in its place: a kill leaves the one or
/// the other. Source: docs/training.md#best-networks.
class BestCheckpoints {
 public:
  BestCheckpoints(std::filesystem::path run_dir, std::string fingerprint);

  /// Ends what a write that was killed began.
  Status prepare() const;
  /// Takes the place of what was kept for this set, embeddings and metric.
  Status write(const job::Metric& figure, const models::NamedTensors& network,
               const models::NamedTensors& criterion) const;

 private:
  std::filesystem::path run_dir_;
  std::string fingerprint_;
};

/// Copies what an earlier attempt kept into the run directory of the one that goes on from it. Nothing to do when it
/// kept nothing, or when both are the same.
Status adopt_best(const std::filesystem::path& earlier, const std::filesystem::path& run_dir);

}  // namespace oodml::train
