#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "worker/exit_classifier.h"

namespace oodml::worker {

/// What to start. The child gets the worker's environment without its secrets, and `environment` on top.
struct LaunchSpec {
  std::vector<std::string> command;      ///< Program (a path) and arguments.
  std::filesystem::path folder;          ///< Working directory; also the mark by which leftovers are found.
  std::filesystem::path log;             ///< stdout and stderr, appended.
  std::vector<std::string> environment;  ///< NAME=value
  bool may_be_copied = false;            ///< Of a template (worker/warm_launcher.h): the command is oodml-core's.
};

/// A running child in a process group of its own. Used by one thread.
class Process {
 public:
  virtual ~Process() = default;  ///< Kills the group and waits for the child.
  virtual pid_t pid() const = 0;

  struct Reading {
    std::string bytes;   ///< Of the event pipe, in order; may be empty.
    bool ended = false;  ///< The child has exited, its group is gone, and these were the last bytes.
  };
  /// Waits up to `wait` for bytes or the end.
  virtual Reading read(Duration wait) = 0;
  /// To the whole group.
  virtual void send_signal(int signal) = 0;
  /// After `ended`.
  virtual ExitStatus status() const = 0;
};

class ProcessLauncher {
 public:
  virtual ~ProcessLauncher() = default;
  /// Failure when the program cannot be executed. The child dies with the calling thread, which therefore has to
  /// stay until the child has ended.
  virtual Result<std::unique_ptr<Process>> launch(const LaunchSpec& spec) = 0;
};

/// fork and exec; descriptor 3 of the child is the event pipe, stdin is empty.
class SystemProcessLauncher final : public ProcessLauncher {
 public:
  Result<std::unique_ptr<Process>> launch(const LaunchSpec& spec) override;
};

/// Marks children in their environment, so that every one of them can be found again.
inline constexpr const char* kRunFolderVariable = "OODML_RUN_FOLDER";

/// Such an entry, NAME=value.
std::string mark_of(const LaunchSpec& spec);

/// What a child's environment is beside its mark.
std::vector<std::string> environment_of(const LaunchSpec& spec);

/// The environment without variables that hold secrets (names with TOKEN, SECRET, PASSWORD, ...).
std::vector<std::string> scrubbed_environment(char** environment);

}  // namespace oodml::worker
