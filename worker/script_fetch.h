#pragma once

#include <filesystem>
#include <vector>

#include "worker/attempt.h"
#include "worker/script_cache.h"
#include "worker/session.h"

namespace oodml::worker {

/// The files of code that came with a trial, where its process finds them: below scripts/ of its run folder, as links
/// into the cache, by the names that the trial gives them. They go with it.
class TrialScripts {
 public:
  explicit TrialScripts(std::filesystem::path folder) : folder_(std::move(folder)) {}
  TrialScripts(TrialScripts&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), holds_(std::move(other.holds_)) {}
  TrialScripts& operator=(TrialScripts&&) = delete;
  ~TrialScripts();

  /// kInvalidArgument: a name that leads out of the folder, or two files of one name.
  Status add(const std::string& name, ScriptCache::Hold hold);

 private:
  std::filesystem::path folder_;
  std::vector<ScriptCache::Hold> holds_;
};

/// Fetches those that are not in the cache yet. `cache` null: this worker runs no code, kPermissionDenied. kCancelled:
/// the attempt is to stop.
Result<TrialScripts> fetch_scripts(Session& session, ScriptCache* cache, const job::LeasedTrial& leased,
                                   const RunDirectory& directory, Attempt& attempt);

}  // namespace oodml::worker
