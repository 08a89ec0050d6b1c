#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace oodml::cli {

/// The folder of `oodml local`, made when missing and locked against a second run for as long as this lives.
class StateFolder {
 public:
  /// kFailedPrecondition: another run uses it. kResourceExhausted: its disk is full.
  static Result<StateFolder> open(const std::filesystem::path& folder);
  StateFolder(StateFolder&& other) noexcept;
  StateFolder& operator=(StateFolder&&) = delete;
  ~StateFolder();

  std::filesystem::path database() const { return folder_ / "oodml.sqlite"; }
  std::filesystem::path database_lock() const { return database().string() + ".lock"; }  ///< The coordinator's.
  std::filesystem::path worker_lock() const { return worker_state() / "lock"; }
  std::filesystem::path port_file() const { return folder_ / "coordinator.port"; }
  std::filesystem::path worker_state() const { return folder_ / "worker"; }
  std::filesystem::path coordinator_log() const { return folder_ / "coordinator.log"; }
  std::filesystem::path worker_log() const { return folder_ / "worker.log"; }
  const std::filesystem::path& path() const { return folder_; }

 private:
  StateFolder(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  std::filesystem::path folder_;
  int lock_ = -1;  ///< Open file that holds the lock.
};

}  // namespace oodml::cli
