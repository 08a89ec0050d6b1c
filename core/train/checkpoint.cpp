#include "core/train/checkpoint.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/base/sha256.h"
#include "core/job/checkpoint_place.h"

namespace oodml::train {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& run_dir) { return run_dir / "checkpoints"; }

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

/// After a whole epoch with its evaluation: "0003". Anywhere else: "0003-000017".
std::string name_of(const RunState& state, bool epoch_complete) {
  return epoch_complete ? padded(state.epoch, 4) : padded(state.epoch, 4) + "-" + padded(state.step, 6);
}

using Place = job::CheckpointPlace;

/// One that is being replaced (core/base/replace_folder.h) has the place of its name, and counts as long as it is
/// there.
std::optional<Place> place_of(std::string_view name) {
  if (name.ends_with(kReplacedSuffix)) name.remove_suffix(kReplacedSuffix.size());
  return job::checkpoint_place(name);
}

struct Entry {
  Place place;
  fs::path path;
};

/// Committed checkpoints, newest first; empty when there is no folder.
std::vector<Entry> list(const fs::path& run_dir) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder_of(run_dir), error), end; !error && it != end; it.increment(error)) {
    if (const auto place = place_of(it->path().filename().string())) entries.push_back({*place, it->path()});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.place != b.place ? a.place > b.place : a.path < b.path;  // of one place, the one that was replaced last
  });
  return entries;
}

}  // namespace

CheckpointStore::CheckpointStore(fs::path run_dir, std::string fingerprint, std::int64_t keep, job::Identity identity)
    : run_dir_(std::move(run_dir)), fingerprint_(std::move(fingerprint)), keep_(keep), identity_(std::move(identity)) {}

Status CheckpointStore::prepare() const {
  OODML_RETURN_IF_ERROR(make_folders(folder_of(run_dir_)));
  OODML_RETURN_IF_ERROR(finish_replacements(folder_of(run_dir_)));
  OODML_RETURN_IF_ERROR(best().prepare());
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_of(run_dir_), error)) {
    if (entry.path().filename().string().starts_with(kUnfinishedFolder))
      OODML_RETURN_IF_ERROR(remove_folder(entry.path()));
  }
  return error ? Status(system_failure("list " + folder_of(run_dir_).string(), error.value())) : Status();
}

Result<CommittedCheckpoint> CheckpointStore::write(const Snapshot& snapshot) const {
  const RunState& state = snapshot.state;
  const std::string name = name_of(state, state.step == 0 && state.evaluated == state.epoch);
  const fs::path target = folder_of(run_dir_) / name;
  const fs::path temporary = folder_of(run_dir_) / (std::string(kUnfinishedFolder) + name);
  OODML_RETURN_IF_ERROR(remove_folder(temporary));
  OODML_RETURN_IF_ERROR(make_folders(temporary));

  const auto manifest = write_checkpoint_files(temporary, snapshot, fingerprint_, identity_);
  if (!manifest) {
    (void)remove_folder(temporary);  // gives the space back; the failure that counts is the write's
    return failure(manifest.error());
  }
  // There may be one of the same place, damaged or with the same bits, and perhaps it is the only one.
  OODML_RETURN_IF_ERROR(replace_folder(temporary, target));

  const auto committed = place_of(name);
  std::int64_t kept = 0;
  for (const Entry& entry : list(run_dir_)) {
    if (entry.place > *committed || ++kept > keep_) OODML_RETURN_IF_ERROR(remove_folder(entry.path));
  }
  return CommittedCheckpoint{"checkpoints/" + name, sha256_hex(*manifest)};
}

Result<std::optional<Snapshot>> read_newest_checkpoint(const fs::path& run_dir, const std::string& fingerprint,
                                                       const std::function<void(std::string)>& warn,
                                                       const job::Identity& identity) {
  for (const Entry& entry : list(run_dir)) {
    const Status whole = verify_checkpoint_files(entry.path, fingerprint, identity);
    if (whole.code() == StatusCode::kFailedPrecondition) return failure(whole);
    if (whole.code() == StatusCode::kAborted) {
      warn(whole.message());
      continue;
    }
    Result<Snapshot> snapshot = whole.ok() ? read_checkpoint_files(entry.path) : failure(whole);
    if (snapshot) return std::move(*snapshot);
    warn("passed over a damaged checkpoint: " + snapshot.error().message());
  }
  return std::optional<Snapshot>();
}

}  // namespace oodml::train
