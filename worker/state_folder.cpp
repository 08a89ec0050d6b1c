#include "worker/state_folder.h"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/atomic_file.h"
#include "core/base/free_space.h"
#include "core/base/private_file.h"
#include "core/job/limits.h"
#include "core/job/worker_name.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

bool is_worker_name(const std::string& name) {
  return !name.empty() && name.size() <= job::kMaxWorkerNameBytes &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-'; });
}

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
  return text;
}

}  // namespace

Result<StateFolder> StateFolder::open(const fs::path& path) {
  std::error_code error;
  const fs::path full = fs::absolute(path, error);
  if (error) return system_failure("find the folder that this program was started in", error.value());
  const bool had_runs = fs::exists(full / "runs", error);
  for (const char* part : {"runs", "spool"}) OODML_RETURN_IF_ERROR(make_folders(full / part));
  const fs::path lock_path = full / "lock";
  OODML_RETURN_IF_ERROR(detail::status_of(make_private(full / "spool")));
  // Nothing in it is secret, as trials see no token: who opens it for colleagues finds it so again.
  if (!had_runs) OODML_RETURN_IF_ERROR(detail::status_of(make_private(full / "runs")));
  OODML_ASSIGN_OR_RETURN(const int lock, open_private(lock_path));
  StateFolder folder(full, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return folder;
  if (errno != EWOULDBLOCK) return system_failure("lock " + lock_path.string(), errno);
  return failed_precondition("another oodml-worker uses the state folder " + full.string() +
                             "; give each worker its own --state-dir");
}

StateFolder::~StateFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<WorkerId> StateFolder::worker_id(const std::string& name) const {
  if (!is_worker_name(name)) {
    return invalid_argument("--name '" + name + "': 1 to " + std::to_string(job::kMaxWorkerNameBytes) +
                            " letters, digits, '.', '_' or '-'");
  }
  const fs::path file = path_ / "worker-id";
  if (const auto old = read_file(file, 4096); old.has_value()) {
    const std::string id = trimmed(*old);
    if (id.size() == name.size() + 1 + job::kWorkerSuffixDigits && id.starts_with(name + "-")) return WorkerId{id};
  }
  const std::string id = name + "-" + random_hex_128().substr(0, job::kWorkerSuffixDigits);
  OODML_RETURN_IF_ERROR(write_file_atomically(file, id + "\n"));
  return WorkerId{id};
}

Status StateFolder::check_free_space(std::int64_t mib) const {
  return oodml::check_free_space(path_, mib, "--min-free-mib");
}

}  // namespace oodml::worker
