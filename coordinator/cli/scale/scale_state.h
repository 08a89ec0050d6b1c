#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/scale/cluster.h"
#include "core/base/clock.h"

namespace oodml::cli::scale {

/// How often in a row something failed, and when it is tried again.
struct Trouble {
  std::int64_t failures = 0;
  std::string reason;  ///< Of the last failure; stays, for people, after things went well.
  Time since{};        ///< When it failed last.
  Time retry_at{};
  friend bool operator==(const Trouble&, const Trouble&) = default;
};

/// What is remembered of a profile between two looks.
struct ProfileState {
  Trouble trouble;
  Time paused_until{};  ///< After repeated failures; the epoch: it is not paused.
  Time submitted_at{};  ///< The last time.

  // As of the last look, for people.
  std::int64_t waiting = 0, pending = 0, starting = 0, working = 0, in_doubt = 0;
  std::string pending_reason;  ///< Why the first of them waits.
};

/// A submission that was begun, of which the cluster has not yet shown a job.
struct Asked {
  std::string tag, profile;
  std::int64_t workers = 1;
  Time at{};
};

/// A job that was alive at the last look.
struct KnownJob {
  std::string id, profile;
  bool had_worker = false;
};

struct ScaleState {
  Time looked_at{};
  Trouble cluster, coordinator;
  std::map<std::string, ProfileState> profiles;
  std::vector<Asked> asked;
  std::vector<KnownJob> jobs;
  std::vector<std::string> unserved;  ///< scale_plan.h
};

/// $XDG_STATE_HOME/oodml/scale, or ~/.local/state/oodml/scale, and in it NAME.json of a scaler of that name.
std::filesystem::path default_state_folder(const std::function<std::optional<std::string>(const char*)>& environment);

/// The file of a state, locked against others as long as this lives: a scaler has it for one look, `oodml scale resume`
/// for one change.
class StateFile {
 public:
  /// Waits for whoever has it. The folder is made when it is missing.
  static Result<StateFile> open(const std::filesystem::path& path);
  StateFile(StateFile&& other) noexcept;
  StateFile& operator=(StateFile&&) = delete;
  ~StateFile();

  /// A new state where there is no file. kDataLoss: it is damaged.
  Result<ScaleState> read() const;
  Status write(const ScaleState& state) const;

 private:
  StateFile(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;
};

/// Reads a state without waiting for its lock. kNotFound: there is none.
Result<ScaleState> read_state(const std::filesystem::path& path);

}  // namespace oodml::cli::scale
