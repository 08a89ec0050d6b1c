#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "worker/descriptor.h"
#include "worker/process_launcher.h"

namespace oodml::worker {

/// What a child begins as.
struct ChildStart {
  std::vector<std::string> command;      ///< Program (a path) and arguments.
  std::vector<std::string> environment;  ///< NAME=value, all of it.
  std::filesystem::path folder;
  int null_fd = -1, log_fd = -1;  ///< stdin; stdout and stderr
  int third_fd = -1;              ///< Its descriptor 3.
};

/// vfork and exec, in a process group of its own; returns when the program runs. The child dies with this thread.
Result<pid_t> start_child(const ChildStart& start);

/// A child of this process, the leader of its group, as a Process. `mark`: by which what it leaves behind is found.
Result<std::unique_ptr<Process>> watch_child(pid_t pid, Descriptor events, std::string mark);

/// Waits for a child that has ended or will at once.
ExitStatus reap(pid_t pid);

}  // namespace oodml::worker
