#include "worker/run_collector.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/replace_folder.h"
#include "worker/left_files.h"
#include "worker/run_directory.h"
#include "worker/upload_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBlock = 512;  // of st_blocks
constexpr const char* kGoing = ".collected-";

struct Entry {
  std::int64_t bytes = 0;
  std::pair<dev_t, ino_t> file;
};

/// Of a file or folder, not of what a link leads to.
std::optional<Entry> entry_of(const fs::path& path) {
  struct ::stat status{};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return Entry{status.st_blocks * kBlock, {status.st_dev, status.st_ino}};
}

std::int64_t bytes_below(const fs::path& folder) {
  std::set<std::pair<dev_t, ino_t>> seen;
  std::int64_t bytes = 0;
  const auto add = [&](const fs::path& path) {
    const auto entry = entry_of(path);
    if (entry && seen.insert(entry->file).second) bytes += entry->bytes;
  };
  add(folder);
  std::error_code error;
  // What goes while it is counted (a checkpoint of a running trial) ends the walk early: the next one is whole again.
  for (fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && entry != end; entry.increment(error)) {
    add(entry->path());
  }
  return bytes;
}

Time written(const fs::path& path) {
  struct ::stat status{};
  if (::stat(path.c_str(), &status) != 0) return Time::max();
  return Time(std::chrono::seconds(status.st_mtim.tv_sec));
}

/// Of one attempt's folder.
struct Left {
  bool owes = false;       ///< Something of it is still to be uploaded.
  bool is_known = false;   ///< Its end is written down.
  bool is_final = false;   ///< No other attempt follows by itself.
  bool is_needed = false;  ///< Another attempt may want what lies here alone.
  Time since{};            ///< When it ended, or nothing else was written.
};

Left look_at(const fs::path& run) {
  std::error_code error;
  Left left;
  const bool owes = fs::exists(run / "upload", error);
  if (const auto ended = ended_run(run); ended && !owes) {
    left = {.is_known = true,
            .is_final = !job::may_retry(ended->outcome),
            .is_needed = ended->is_needed,
            .since = written(run / "ended.json")};
  } else if (!owes && fs::exists(run / "results.json", error)) {
    left = {.is_known = true, .is_final = true, .since = written(run / "results.json")};
  } else {
    // After a power cut, or of an earlier version: without a checkpoint nobody could want it.
    const bool is_needed = newest_checkpoint(run).has_value();
    left = {.is_known = !is_needed, .is_needed = is_needed, .since = written(run)};
  }
  left.owes = owes;
  return left;
}

/// When the last thing of a trial ended that may go; nullopt: it stays.
std::optional<Time> may_go_since(const fs::path& trial) {
  std::vector<std::pair<AttemptEpoch, Left>> attempts;
  std::error_code error;
  for (fs::directory_iterator run(trial, error), end; !error && run != end; run.increment(error)) {
    if (const auto number = attempt_number(run->path().filename().native())) {
      attempts.emplace_back(*number, look_at(run->path()));
    }
  }
  if (error || attempts.empty()) return std::nullopt;
  const auto by_number = [](const auto& attempt) { return attempt.first; };
  const Left& newest = std::ranges::max_element(attempts, {}, by_number)->second;
  const bool any_needed = std::ranges::any_of(attempts, [](const auto& attempt) { return attempt.second.is_needed; });
  if (std::ranges::any_of(attempts, [](const auto& attempt) { return attempt.second.owes; })) return std::nullopt;
  if (!newest.is_known || (any_needed && !newest.is_final)) return std::nullopt;
  Time since{};
  for (const auto& [number, left] : attempts) since = std::max(since, left.since);
  return since;
}

/// Under another name first: what a kill leaves of it is no trial's folder any more. False: it is in use by now.
Result<bool> remove_trial(const fs::path& trial, const RunsInUse& in_use) {
  const fs::path going = trial.parent_path() / (kGoing + trial.filename().string());
  OODML_RETURN_IF_ERROR(remove_folder(going));
  {
    const std::lock_guard lock(in_use.mutex);
    if (in_use.fingerprints().contains(trial.filename())) return false;
    std::error_code error;
    fs::rename(trial, going, error);
    if (error) return system_failure("rename " + trial.string(), error.value());
  }
  OODML_RETURN_IF_ERROR(remove_folder(going));
  return true;
}

}  // namespace

Collected collect_runs(const fs::path& runs, Duration keep, Time now, const RunsInUse& in_use) {
  Collected collected;
  std::vector<fs::path> trials;
  std::error_code error;
  for (fs::directory_iterator entry(runs, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.starts_with(kGoing)) (void)remove_folder(entry->path());  // tried again by the next pass
    if (is_fingerprint(name)) trials.push_back(entry->path());
  }
  for (const fs::path& trial : trials) {
    const auto since = may_go_since(trial);
    if (!since || *since > now || now - *since < keep) continue;
    const std::int64_t bytes = bytes_below(trial);
    const auto removed = remove_trial(trial, in_use);
    if (!removed) spdlog::warn("cannot remove an old run folder error={}", removed.error().message());
    if (!removed.value_or(false)) continue;
    ++collected.trials;
    collected.bytes += bytes;
  }
  return collected;
}

std::optional<job::DiskUse> measure_runs(const fs::path& runs) {
  std::error_code error;
  job::DiskUse use;
  for (fs::directory_iterator entry(runs, error), end; !error && entry != end; entry.increment(error)) {
    if (is_fingerprint(entry->path().filename().native())) ++use.runs;
  }
  if (error) return std::nullopt;
  use.runs_bytes = bytes_below(runs);
  const fs::space_info space = fs::space(runs, error);
  if (error) return std::nullopt;
  use.free_bytes = static_cast<std::int64_t>(space.available);
  return use;
}

}  // namespace oodml::worker
