#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml::cli {

/// What lies where in the folder of `oodml local`.
struct StatePaths {
  std::filesystem::path folder;  ///< Absolute.

  std::filesystem::path database() const { return folder / "oodml.sqlite"; }
  std::filesystem::path database_lock() const { return database().string() + ".lock"; }  ///< The coordinator's.
  std::filesystem::path worker_lock() const { return worker_state() / "lock"; }
  std::filesystem::path port_file() const { return folder / "coordinator.port"; }
  std::filesystem::path tokens() const { return folder / "coordinator.tokens"; }       ///< Secret, as the next three.
  std::filesystem::path person_token() const { return folder / "coordinator.token"; }  ///< For who started the run.
  std::filesystem::path worker_token() const { return folder / "worker.token"; }
  std::filesystem::path web_entry_file() const { return folder / "web-page.link"; }
  std::filesystem::path worker_state() const { return folder / "worker"; }
  std::filesystem::path coordinator_log() const { return folder / "coordinator.log"; }
  std::filesystem::path worker_log() const { return folder / "worker.log"; }
  /// What the process of an attempt printed.
  std::filesystem::path trial_log(const std::string& fingerprint, std::int64_t attempt) const {
    return worker_state() / "runs" / fingerprint / ("attempt-" + std::to_string(attempt)) / "log.txt";
  }
};

/// The folder of `oodml local`, made when missing and locked against a second run for as long as this lives.
class StateFolder {
 public:
  /// kFailedPrecondition: another run uses it. kResourceExhausted: its disk is full.
  static Result<StateFolder> open(const std::filesystem::path& folder);
  StateFolder(StateFolder&& other) noexcept;
  StateFolder& operator=(StateFolder&&) = delete;
  ~StateFolder();

  const StatePaths& paths() const { return paths_; }

 private:
  StateFolder(std::filesystem::path folder, int lock) : paths_{std::move(folder)}, lock_(lock) {}

  StatePaths paths_;
  int lock_ = -1;  ///< Open file that holds the lock.
};

}  // namespace oodml::cli
