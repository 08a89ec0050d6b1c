#pragma once

#include <sys/types.h>

namespace oodml {

/// From now on this process gets `signal` when the process `parent`, which started it, ends. False when that has ended
/// already, and no signal would come any more.
bool end_with_parent(pid_t parent, int signal);

}  // namespace oodml
