#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "coordinator/cli/client.h"
#include "coordinator/cli/local/child_process.h"
#include "core/base/result.h"

namespace oodml::cli {

/// What `oodml local` left, or is doing, in its state folder, to be asked for at an address: that of the coordinator of
/// a run which is going on, else of one of our own that only reads the database and ends with this object. Nothing in
/// the folder is locked or changed, so a run may begin or end meanwhile.
class StateReader {
 public:
  /// kNotFound: no such folder, or no run was ever begun in it.
  static Result<std::shared_ptr<StateReader>> open(const std::filesystem::path& folder);

  const Connection& connection() const { return connection_; }
  /// Whether a run is going on: else nothing changes, and what was running is not.
  bool is_live() const { return !reader_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  StateReader(std::filesystem::path folder, Connection connection, std::optional<ChildProcess> reader)
      : folder_(std::move(folder)), connection_(std::move(connection)), reader_(std::move(reader)) {}

  std::filesystem::path folder_;
  Connection connection_;
  std::optional<ChildProcess> reader_;
};

}  // namespace oodml::cli
