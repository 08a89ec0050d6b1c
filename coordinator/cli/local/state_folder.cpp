#include "coordinator/cli/local/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/free_space.h"

namespace oodml::cli {
namespace {

constexpr std::int64_t kLeastMib = 8;  ///< For database and logs; what trials need, the worker judges.

}  // namespace

Result<StateFolder> StateFolder::open(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(folder, error);
  if (error) return system_failure("state folder " + folder.string(), error.value());
  std::filesystem::create_directories(absolute, error);
  if (error) return system_failure("make the state folder " + absolute.string(), error.value());
  const std::filesystem::path file = absolute / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return system_failure("open " + file.string(), errno);
  StateFolder state(absolute, lock);
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
    // On a full disk not even the programs' own messages could be kept.
    OODML_RETURN_IF_ERROR(check_free_space(absolute, kLeastMib, "oodml local"));
    return state;
  }
  if (errno != EWOULDBLOCK) return system_failure("lock " + file.string(), errno);
  return failed_precondition("another oodml local uses the state folder " + absolute.string() +
                             "; wait for it, or choose another with --state DIR");
}

StateFolder::StateFolder(StateFolder&& other) noexcept
    : paths_(std::move(other.paths_)), lock_(std::exchange(other.lock_, -1)) {}

StateFolder::~StateFolder() {
  if (lock_ >= 0) close(lock_);
}

}  // namespace oodml::cli
