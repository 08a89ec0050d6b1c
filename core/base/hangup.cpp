#include "core/base/hangup.h"

#include <csignal>

namespace oodml {

bool hangup_is_ignored() {
  struct sigaction now{};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace oodml
