#include "core/base/parent_process.h"

#include <sys/prctl.h>
#include <unistd.h>

namespace oodml {

bool end_with_parent(pid_t parent, int signal) {
  return ::prctl(PR_SET_PDEATHSIG, signal) == 0 && ::getppid() == parent;
}

}  // namespace oodml
