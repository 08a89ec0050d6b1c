#pragma once

#include <sys/types.h>

#include <string>

#include "core/base/clock.h"

namespace oodml::worker {

/// Kills (SIGKILL) every process whose environment holds `mark`, an entry NAME=value, or, when `mark` ends in '/',
/// an entry that begins with it: descendants of a trial that left its process group or outlived their worker.
/// Returns how many. Processes of other users are not seen.
/// `older`: they all began after this process did; 0: nothing is known of that.
int kill_stray_processes(const std::string& mark, pid_t older = 0);

/// Whether whatever began within the last `time`, in which `pid` began, and after it, has a larger number: numbers are
/// given out in order, and it would take this machine longer to come round to small ones again.
bool numbers_tell_age(pid_t pid, Duration time);

/// Whether that process carries the mark.
bool carries_mark(pid_t process, const std::string& mark);

}  // namespace oodml::worker
