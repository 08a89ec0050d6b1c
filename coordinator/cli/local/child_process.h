#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::cli {

/// A program of ours as a child in a process group of its own, so that Ctrl-C in the terminal reaches only us.
/// Its output goes to a log file. Destroying it kills the group and reaps the child.
class ChildProcess {
 public:
  static Result<ChildProcess> start(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                                    const std::filesystem::path& log_file);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  /// How it ended ("exit code 1", "signal 9"); nothing while it runs. Never blocks.
  std::optional<std::string> ended();
  /// To the child alone: it knows how to end its own children.
  void signal(int number);
  /// To the whole group.
  void kill_group();

  /// The last lines of its log, for messages.
  std::string log_tail() const;
  const std::filesystem::path& log_file() const { return log_file_; }

 private:
  ChildProcess(pid_t pid, std::filesystem::path log_file) : pid_(pid), log_file_(std::move(log_file)) {}

  pid_t pid_ = -1;  ///< -1 once reaped or moved from.
  std::string end_;
  std::filesystem::path log_file_;
};

}  // namespace oodml::cli
