#include "coordinator/cli/local/state_folder.h"

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/free_space.h"
#include "core/base/private_file.h"

namespace oodml::cli {
namespace {

constexpr std::int64_t kLeastMib = 8;  ///< For database and logs; what trials need, the worker judges.

}  // namespace

Result<StateFolder> StateFolder::open(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(folder, error);
  if (error) return system_failure("state folder " + folder.string(), error.value());
  const bool made = std::filesystem::create_directories(absolute, error);
  if (error) return system_failure("make the state folder " + absolute.string(), error.value());
  const std::filesystem::path file = absolute / "lock";
  // One that was there is somebody's, with the mode that they want; what is put into it is private in any case.
  if (made) OODML_RETURN_IF_ERROR(detail::status_of(make_private(absolute)));
  OODML_ASSIGN_OR_RETURN(const int lock, open_private(file));
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
