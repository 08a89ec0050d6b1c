#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

#include "coordinator/artifacts/output_file.h"
#include "coordinator/artifacts/room.h"
#include "core/base/ids.h"
#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

/// What the processes of attempts printed: `output/TRIAL-ATTEMPT` below the store's folder, each as output_file.h has
/// it. Not synced: after a power cut its worker has it still, and goes on where it ends. Safe from any thread.
class Outputs {
 public:
  Outputs(std::filesystem::path root, const RoomLimits& limits) : folder_(root / "output"), room_(root, limits) {}
  Status prepare();

  /// kResourceExhausted: the disk is full.
  Result<OutputState> append(TrialId trial, AttemptEpoch attempt, std::int64_t offset, std::string_view data,
                             bool over);
  /// The attempt printed nothing, and nothing follows. Kept in memory, of the newest kQuiet: of others a reader finds
  /// out a moment later (kAfterEnd in stored_artifacts).
  void note_quiet(TrialId trial, AttemptEpoch attempt);
  bool is_quiet(TrialId trial, AttemptEpoch attempt) const;
  Result<OutputBytes> read(TrialId trial, AttemptEpoch attempt, std::int64_t offset) const;
  /// Of all of them.
  Result<std::int64_t> bytes() const;
  /// Removes those of trials that are not there any more.
  Status collect(const std::function<Result<bool>(TrialId)>& is_there) const;

 private:
  static constexpr std::size_t kQuiet = 10'000;
  using Key = std::pair<TrialId, AttemptEpoch>;

  std::filesystem::path file_of(TrialId trial, AttemptEpoch attempt) const;
  std::mutex& mutex_of(TrialId trial) const;

  const std::filesystem::path folder_;
  const Room room_;
  mutable std::array<std::mutex, 16> mutexes_;  // one at a time reads or writes a file; by trial
  mutable std::mutex quiet_mutex_;              // guards all below
  std::set<Key> quiet_;
  std::deque<Key> quiet_by_age_;
};

}  // namespace oodml::coordinator::artifacts
