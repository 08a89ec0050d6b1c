#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/job/identity.h"
#include "core/train/best_checkpoints.h"
#include "core/train/checkpoint_files.h"

namespace oodml::train {

/// A checkpoint that survives a power cut.
struct CommittedCheckpoint {
  std::string path;  ///< Relative to the run directory: checkpoints/0003
  std::string manifest_sha256;
};

/// `<run dir>/checkpoints/<epoch>` after an epoch and `<epoch>-<step>` inside one: safetensors files, state.json and
/// manifest.json with the SHA-256 of each. Written under a temporary name, fsynced, put in its place: whenever the
/// program is killed, the newest one that was committed is there.
class CheckpointStore {
 public:
  /// `fingerprint` names the trial; a checkpoint of another is never read. `keep` newest ones are kept. `identity` is
  /// what else the run's numbers depend on; it is written down with each.
  CheckpointStore(std::filesystem::path run_dir, std::string fingerprint, std::int64_t keep,
                  job::Identity identity = {});

  /// Makes the folder and removes what an interrupted write left.
  Status prepare() const;
  /// Commits a snapshot, then removes older ones beyond `keep`, and newer ones: a run that went on from an
  /// older checkpoint has abandoned their future.
  Result<CommittedCheckpoint> write(const Snapshot& snapshot) const;
  /// Where the same run keeps the best epochs of its metrics.
  BestCheckpoints best() const { return {run_dir_, fingerprint_}; }

 private:
  std::filesystem::path run_dir_;
  std::string fingerprint_;
  std::int64_t keep_;
  job::Identity identity_;
};

/// The newest committed checkpoint in a run directory that is whole; nullopt when there is none. Damaged ones
/// are reported to `warn` and passed over, as are those of a run with other data or another version of results than
/// `identity` (as far as both are known): to go on from one would give figures of neither. kFailedPrecondition when one
/// belongs to another trial.
Result<std::optional<Snapshot>> read_newest_checkpoint(const std::filesystem::path& run_dir,
                                                       const std::string& fingerprint,
                                                       const std::function<void(std::string)>& warn,
                                                       const job::Identity& identity = {});

}  // namespace oodml::train
