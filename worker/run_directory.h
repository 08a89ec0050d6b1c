#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/lease.h"

namespace oodml::worker {

/// Whether a folder below the root may be a trial's: it is called by its fingerprint.
bool is_fingerprint(const std::string& text);
/// The attempt whose folder is called so, attempt-<epoch>; nullopt: none.
std::optional<AttemptEpoch> attempt_number(const std::string& folder);

std::filesystem::path attempt_folder(const std::filesystem::path& root, const std::string& fingerprint,
                                     AttemptEpoch attempt);
/// Whether a run folder is the one of this lease.
bool is_run_of(const std::filesystem::path& run, const LeaseId& lease);

/// A run folder, with what its attempt began with, survives a power cut from here on; till then it may be gone or torn
/// afterwards, which is as good as no attempt. Called before anybody is told that something lies in it.
Status make_durable(const std::filesystem::path& run);

/// The folder of one attempt, `<root>/<fingerprint>/attempt-<epoch>/`: trial.yaml, log.txt, lease, checkpoints/.
/// Written only by the attempt that owns it.
class RunDirectory {
 public:
  /// Makes the folder with trial.yaml, not synced (make_durable). A folder of the same name from another lease (a
  /// coordinator that started over with an empty database) is moved aside, never mixed with.
  static Result<RunDirectory> prepare(const std::filesystem::path& root, const job::LeasedTrial& leased);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path trial_file() const { return path_ / "trial.yaml"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  /// Of code that came with the trial, while it runs.
  std::filesystem::path scripts() const { return path_ / "scripts"; }
  /// Folders of earlier attempts that lie on this disk, newest first.
  const std::vector<std::filesystem::path>& earlier() const { return earlier_; }

  /// This attempt has a checkpoint of its own: those of the attempts before it are no longer needed, nor the best
  /// epochs that it took over from them.
  void remove_earlier_checkpoints() const;

  static constexpr std::uintmax_t kMaxLog = 256u << 20;
  /// Cuts a log that has grown beyond `most` down to its first 64 KiB and a note. The child goes on appending.
  void bound_log(std::uintmax_t most = kMaxLog) const;
  /// The last non-empty line of the log, at most so many bytes.
  std::string log_tail(std::size_t most = 300) const;

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> earlier_;
};

}  // namespace oodml::worker
