#pragma once

#include <sys/types.h>

namespace oodml::warm {

/// fork(), but the new process is a child of this one's parent. 0 in it, its number here, or -1 and errno (ENOSYS where
/// the kernel or a sandbox does not know how). Only for a process with one thread: no fork handlers run.
pid_t make_sibling();

/// Of this process.
long count_threads();

}  // namespace oodml::warm
