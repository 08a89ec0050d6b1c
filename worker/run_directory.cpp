#include "worker/run_directory.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/base/ids.h"
#include "core/sweep/sweep.h"
#include "worker/descriptor.h"
#include "worker/passing_file.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAttempt = "attempt-";
constexpr const char* kLease = "lease";
constexpr std::size_t kLogHead = 64 << 10;

Failure file_failure(const std::string& what, const std::error_code& error) {
  return system_failure(what, error.value());
}

/// Another lease's folder goes out of the way.
Status make_room(const fs::path& folder, const LeaseId& lease) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  if (is_run_of(folder, lease)) return {};
  const fs::path aside = folder.string() + ".of-another-lease-" + random_hex_128().substr(0, 8);
  fs::rename(folder, aside, error);
  if (error) return file_failure("move " + folder.string() + " aside", error);
  OODML_RETURN_IF_ERROR(sync_folder(folder.parent_path()));
  spdlog::warn("run folder of another lease moved aside from={} to={}", folder.string(), aside.string());
  return {};
}

std::string read_at(int fd, off_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = ::pread(fd, bytes.data(), size, offset);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

}  // namespace

/// It becomes a folder's name, so nothing but what a hash looks like.
bool is_fingerprint(const std::string& text) {
  return text.size() >= 8 && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<AttemptEpoch> attempt_number(const std::string& folder) {
  if (!folder.starts_with(kAttempt)) return std::nullopt;
  AttemptEpoch number = 0;
  const char* end = folder.data() + folder.size();
  const auto read = std::from_chars(folder.data() + kAttempt.size(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

fs::path attempt_folder(const fs::path& root, const std::string& fingerprint, AttemptEpoch attempt) {
  return root / fingerprint / (std::string(kAttempt) + std::to_string(attempt));
}

bool is_run_of(const fs::path& run, const LeaseId& lease) {
  const auto owner = read_file(run / kLease, 4096);
  return owner.has_value() && *owner == lease.value + "\n";
}

Status make_durable(const fs::path& run) {
  for (const char* name : {kLease, "trial.yaml"}) {
    const Status synced = sync_file(run / name);
    if (!synced.ok() && synced.code() != StatusCode::kNotFound) return synced;
  }
  const fs::path trial = run.parent_path();
  for (const fs::path& folder : {run, trial, trial.parent_path()}) OODML_RETURN_IF_ERROR(sync_folder(folder));
  return {};
}

Result<RunDirectory> RunDirectory::prepare(const fs::path& root, const job::LeasedTrial& leased) {
  if (!is_fingerprint(leased.fingerprint)) {
    return invalid_argument("a trial's fingerprint is 8 to 128 hexadecimal digits, not '" + leased.fingerprint + "'");
  }
  RunDirectory directory;
  directory.path_ = attempt_folder(root, leased.fingerprint, leased.lease.attempt);
  OODML_RETURN_IF_ERROR(make_room(directory.path_, leased.lease.id));
  std::error_code error;
  fs::create_directories(directory.path_, error);
  if (error) return file_failure("make " + directory.path_.string(), error);
  // A folder whose lease cannot be read is another lease's, and moved aside.
  OODML_RETURN_IF_ERROR(write_passing_file(directory.path_ / kLease, leased.lease.id.value + "\n"));
  OODML_RETURN_IF_ERROR(write_passing_file(directory.trial_file(), sweep::trial_file_text(leased.spec)));
  for (const AttemptEpoch attempt : leased.earlier_attempts) {
    const fs::path earlier = attempt_folder(root, leased.fingerprint, attempt);
    if (attempt < leased.lease.attempt && fs::is_directory(earlier, error)) directory.earlier_.push_back(earlier);
  }
  return directory;
}

void RunDirectory::remove_earlier_checkpoints() const {
  for (const fs::path& earlier : earlier_) {
    for (const char* networks : {"checkpoints", "best"}) {
      std::error_code error;
      fs::remove_all(earlier / networks, error);
      if (error) {
        spdlog::warn("cannot remove old checkpoints folder={} error={}", earlier.string(), error.message());
      }
    }
  }
}

void RunDirectory::bound_log(std::uintmax_t most) const {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(log(), error);
  if (error || size <= most) return;
  const int fd = ::open(log().c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  const std::string text = read_at(fd, 0, kLogHead) + "\n[oodml-worker: output beyond " + std::to_string(most) +
                           " bytes was cut out here]\n";
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) < 0) {
    spdlog::warn("cannot keep the head of a cut log file={}", log().string());
  }
  ::close(fd);
}

std::string RunDirectory::log_tail(std::size_t most) const {
  const int fd = ::open(log().c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  const off_t size = ::lseek(fd, 0, SEEK_END);
  std::string text = read_at(fd, std::max<off_t>(0, size - static_cast<off_t>(most)), most);
  ::close(fd);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t line = text.rfind('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

}  // namespace oodml::worker
