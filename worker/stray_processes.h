#pragma once

#include <sys/types.h>

#include <string>

namespace oodml::worker {

/// Kills (SIGKILL) every process whose environment holds `mark`, an entry NAME=value, or, when `mark` ends in '/',
/// an entry that begins with it: descendants of a trial that left its process group or outlived their worker.
/// Returns how many. Processes of other users are not seen.
int kill_stray_processes(const std::string& mark);

/// Whether that process carries the mark.
bool carries_mark(pid_t process, const std::string& mark);

}  // namespace oodml::worker
