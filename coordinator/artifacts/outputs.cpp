#include "coordinator/artifacts/outputs.h"

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/private_file.h"

namespace oodml::coordinator::artifacts {
namespace {

std::optional<TrialId> trial_of(const std::string& name) {
  TrialId trial;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), trial.value);
  const bool whole = read.ec == std::errc() && read.ptr != name.data() + name.size() && *read.ptr == '-';
  return whole ? std::optional(trial) : std::nullopt;
}

}  // namespace

Status Outputs::prepare() {
  OODML_RETURN_IF_ERROR(make_folders(folder_));
  return detail::status_of(make_private(folder_));
}

std::filesystem::path Outputs::file_of(TrialId trial, AttemptEpoch attempt) const {
  return folder_ / (std::to_string(trial.value) + "-" + std::to_string(attempt));
}

std::mutex& Outputs::mutex_of(TrialId trial) const {
  return mutexes_[static_cast<std::size_t>(trial.value) % mutexes_.size()];
}

Result<OutputState> Outputs::append(TrialId trial, AttemptEpoch attempt, std::int64_t offset, std::string_view data,
                                    bool over) {
  if (!data.empty()) OODML_RETURN_IF_ERROR(room_.check_disk(std::ssize(data)));
  const std::lock_guard lock(mutex_of(trial));
  return append_to_output(file_of(trial, attempt), offset, data, over);
}

void Outputs::note_quiet(TrialId trial, AttemptEpoch attempt) {
  const std::lock_guard lock(quiet_mutex_);
  if (!quiet_.emplace(trial, attempt).second) return;
  quiet_by_age_.emplace_back(trial, attempt);
  if (quiet_by_age_.size() <= kQuiet) return;
  quiet_.erase(quiet_by_age_.front());
  quiet_by_age_.pop_front();
}

bool Outputs::is_quiet(TrialId trial, AttemptEpoch attempt) const {
  const std::lock_guard lock(quiet_mutex_);
  return quiet_.contains({trial, attempt});
}

Result<OutputBytes> Outputs::read(TrialId trial, AttemptEpoch attempt, std::int64_t offset) const {
  const std::lock_guard lock(mutex_of(trial));
  return read_output(file_of(trial, attempt), offset);
}

Result<std::int64_t> Outputs::bytes() const {
  std::error_code error;
  std::int64_t bytes = 0;
  for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;  // with its trial, meanwhile
    const std::uintmax_t size = it->file_size(gone);
    if (!gone) bytes += static_cast<std::int64_t>(size);
  }
  if (error == std::errc::no_such_file_or_directory) return 0;
  if (error) return system_failure("list " + folder_.string(), error.value());
  return bytes;
}

Status Outputs::collect(const std::function<Result<bool>(TrialId)>& is_there) const {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const auto trial = trial_of(it->path().filename().string());
    if (!trial) continue;
    OODML_ASSIGN_OR_RETURN(const bool stays, is_there(*trial));
    std::error_code gone;
    if (!stays) std::filesystem::remove(it->path(), gone);
  }
  if (error) return system_failure("list " + folder_.string(), error.value());
  return {};
}

}  // namespace oodml::coordinator::artifacts
