#include "core/trial/stop_signal.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>

#include "core/base/exit_code.h"
#include "core/base/hangup.h"
#include "core/protocol/lines.h"

namespace oodml::trial {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // or a handler may not touch it

void ask_to_stop(int) { stop.store(true, std::memory_order_relaxed); }

}  // namespace

void listen_for_stop() {
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
  if (!hangup_is_ignored()) sigaction(SIGHUP, &action, nullptr);
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

bool stop_requested() { return stop.load(std::memory_order_relaxed); }

void die_with_parent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // A parent that died before the call above sends nothing any more, but nobody reads our events then either.
  pollfd events = {protocol::kEventDescriptor, POLLOUT, 0};
  if (poll(&events, 1, 0) == 1 && (events.revents & POLLERR) != 0) _exit(kExitFailed);
}

}  // namespace oodml::trial
