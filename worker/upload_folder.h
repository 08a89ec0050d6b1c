#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"
#include "worker/left_files.h"

namespace oodml::worker {

/// A set of files that waits in an upload folder.
struct StagedSet {
  std::string name;              ///< As FileSet's.
  std::filesystem::path folder;  ///< File i of `files` is `folder / std::to_string(i)`.
  std::vector<job::StoredFile> files;
};

/// `<run>/upload/`: what of an attempt is still to be uploaded, so that it outlives the worker and is not removed while
/// it is being sent. `owner.json` has the lease, `ended` how the attempt ended, once everything that is owed for that
/// is here; each further folder is a set of hard links with their names and hashes. When all has been sent the folder
/// goes, and `<run>/ended.json` stays.
class UploadFolder {
 public:
  /// Of an attempt that owes nothing yet: it is made, with the run folder around it durable, when something is put
  /// down.
  static UploadFolder at(const std::filesystem::path& run, const job::Lease& lease);
  /// Makes it.
  static Result<UploadFolder> create(const std::filesystem::path& run, const job::Lease& lease);
  /// As an earlier life left it. kNotFound: nothing is owed of this run.
  static Result<UploadFolder> open(const std::filesystem::path& run);

  const std::filesystem::path& run() const { return run_; }
  const job::Lease& lease() const { return lease_; }

  /// Links the files and hashes those whose hash is not known; the set waits when this returns. It takes the place of
  /// one of the same name. On failure (a file has gone meanwhile) nothing has changed.
  Result<StagedSet> stage(FileSet set) const;
  /// What waits, checkpoints first.
  Result<std::vector<StagedSet>> staged() const;
  Status remove(const StagedSet& set) const;

  /// The name of the newest checkpoint that the coordinator has of this attempt; empty: none.
  Status note_published(const std::string& checkpoint) const;
  std::string published() const;
  Status note_end(job::Outcome outcome) const;
  std::optional<job::Outcome> end() const;
  /// Nothing is owed any more.
  Status close() const;

 private:
  Status make() const;
  UploadFolder(std::filesystem::path run, job::Lease lease) : run_(std::move(run)), lease_(std::move(lease)) {}
  std::filesystem::path path() const { return run_ / "upload"; }

  std::filesystem::path run_;
  job::Lease lease_;
};

/// `<run>/ended.json`: what became of an attempt whose files were delivered, for whoever clears up run folders. Not
/// synced: where a power cut leaves none the folder goes when it holds nothing that an attempt could go on from.
struct EndedRun {
  job::Outcome outcome = job::Outcome::kInfrastructure;
  bool is_needed = false;  ///< Its newest checkpoint is nowhere else, and another attempt may go on from it.
};
Status note_ended(const std::filesystem::path& run, const EndedRun& ended);
/// nullopt: it has not ended, or not all of it was delivered.
std::optional<EndedRun> ended_run(const std::filesystem::path& run);

}  // namespace oodml::worker
