#include "coordinator/cli/local/earlier_run.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace oodml::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLockTick{50};
constexpr std::chrono::minutes kPatience{3};  // more than a worker's grace and delivery

/// Whether a process holds the lock; a file that cannot be looked at is left to the program that wants it.
bool is_held(const std::filesystem::path& lock) {
  const int file = ::open(lock.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_EX | LOCK_NB) != 0;
  ::close(file);
  return held;
}

}  // namespace

Status wait_for_earlier_run(Session& session, const StatePaths& state, int interrupts_before) {
  const auto start = steady_clock::now();
  bool told = false;
  for (const std::filesystem::path& lock : {state.database_lock(), state.worker_lock()}) {
    while (is_held(lock)) {
      if (!told)
        session.note("An earlier run was killed; what it started is ending, and its trials write checkpoints ...\n");
      told = true;
      if (session.around.interrupts() > interrupts_before) return failure(StatusCode::kCancelled, "interrupted");
      if (steady_clock::now() - start > kPatience) {
        return failed_precondition("a program of an earlier run still holds " + lock.string() +
                                   "; end it (its id: `fuser " + lock.string() + "`), or choose another --state DIR");
      }
      std::this_thread::sleep_for(kLockTick);
    }
  }
  return {};
}

}  // namespace oodml::cli
