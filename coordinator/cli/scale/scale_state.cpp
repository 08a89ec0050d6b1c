#include "coordinator/cli/scale/scale_state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "coordinator/cli/output/text.h"
#include "coordinator/cli/scale/state_json.h"
#include "core/base/atomic_file.h"
#include "core/base/private_file.h"

namespace oodml::cli::scale {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxStateBytes = 64 << 20;

}  // namespace

fs::path default_state_folder(const std::function<std::optional<std::string>(const char*)>& environment) {
  const std::string state_home = environment("XDG_STATE_HOME").value_or("");
  if (!state_home.empty()) return fs::path(state_home) / "oodml/scale";
  return fs::path(environment("HOME").value_or("/")) / ".local/state/oodml/scale";
}

Result<StateFile> StateFile::open(const fs::path& path) {
  OODML_RETURN_IF_ERROR(make_folders(path.parent_path()));
  const fs::path lock_path = path.string() + ".lock";
  OODML_ASSIGN_OR_RETURN(const int lock, open_private(lock_path, O_CLOEXEC));
  StateFile file(path, lock);
  while (::flock(lock, LOCK_EX) != 0) {
    if (errno != EINTR) return system_failure("lock " + lock_path.string(), errno);
  }
  return file;
}

StateFile::StateFile(StateFile&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

StateFile::~StateFile() {
  if (lock_ >= 0) ::close(lock_);
}

Result<ScaleState> StateFile::read() const {
  auto state = read_state(path_);
  if (!state && state.error().code() == StatusCode::kNotFound) return ScaleState();
  return state;
}

Status StateFile::write(const ScaleState& state) const {
  return write_file_atomically(path_, json_of(state).dump(1, ' ', false, Json::error_handler_t::replace));
}

Result<ScaleState> read_state(const fs::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxStateBytes));
  auto state = state_of(text);
  if (state) return state;
  return failure(state.error().code(), path.string() + ": " + state.error().message() +
                                           "; moved away, a new one is made of what the cluster shows");
}

}  // namespace oodml::cli::scale
