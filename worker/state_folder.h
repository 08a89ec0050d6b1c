#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace oodml::worker {

/// Where a worker keeps what outlives it: runs/, spool/, scripts/, worker-id, lock. Owned by one process at a time.
class StateFolder {
 public:
  /// Makes what is missing and takes the lock; kFailedPrecondition when another process has it.
  static Result<StateFolder> open(const std::filesystem::path& path);
  StateFolder(StateFolder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
  StateFolder& operator=(StateFolder&&) = delete;
  ~StateFolder();

  std::filesystem::path runs() const { return path_ / "runs"; }
  std::filesystem::path spool() const { return path_ / "spool"; }
  std::filesystem::path hashes() const { return path_ / "hashes"; }
  std::filesystem::path scripts() const { return path_ / "scripts"; }

  /// `name` with a random suffix, the same at every start; another name makes another id.
  Result<WorkerId> worker_id(const std::string& name) const;
  /// As oodml::check_free_space, for the whole folder.
  Status check_free_space(std::int64_t mib) const;

 private:
  StateFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace oodml::worker
